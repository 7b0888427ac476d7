"use strict";

/* Reading values as nnscratch reads them: numbers in the table's notation, categories, dates. */

const MONTHS = [
  "January", "February", "March", "April", "May", "June", "July", "August", "September",
  "October", "November", "December",
];
const DAY = 24 * 3600 * 1000;

function readValue(value, column, notation) {
  if (typeof value === "boolean") {
    value = column.categories ? (value ? "True" : "False") : Number(value); // as Python has it
  }
  const text = String(value ?? "").trim();
  if (!text || notation.missing_values.includes(text) || Number.isNaN(value)) return NaN;
  if (column.categories) return column.categories.indexOf(text);
  let number = NaN;
  if (typeof value === "number") number = value;
  else if (typeof value === "string") {
    number = column.kind === "date" ? readDate(text, column.date_format) : readNumber(text, notation);
  }
  if (!Number.isFinite(number)) {
    const kind = column.kind === "date" ? `date like ${writeDate(20483.625, column.date_format)}` : "number";
    throw new RowError(`${column.name}: ${text} is not a ${kind}`);
  }
  return number;
}

function escapePattern(text) {
  return text.replace(/[.*+?^${}()|[\]\\\-]/g, "\\$&");
}

/* `1,234.50`, `(12)` for -12, `1e-3`; nan for what is no number. */
function readNumber(text, { decimal, thousands, strip }) {
  let number = text.trim();
  let negative = number.startsWith("(") && number.endsWith(")") && number.length > 1;
  if (negative) number = number.slice(1, -1).trim();
  const sign = /^[-+\u2212\u2013\u2012]/.exec(number);
  if (sign) {
    number = number.slice(1).trim();
    negative = negative !== (sign[0] !== "+");
  }
  for (const part of strip) {
    if (part && number.startsWith(part)) number = number.slice(part.length);
    if (part && number.endsWith(part)) number = number.slice(0, -part.length);
    number = number.trim();
  }
  const point = escapePattern(decimal);
  const mark = `[${escapePattern(thousands)}]`;
  const digits = thousands ? `([0-9]+|[0-9]{1,3}(${mark}[0-9]{3})+)` : "[0-9]+";
  const pattern = `^(${digits}(${point}[0-9]*)?|${point}[0-9]+)([eE][-+]?[0-9]+)?$`;
  if (!new RegExp(pattern).test(number)) return NaN;
  for (const each of thousands) number = number.split(each).join("");
  const value = Number(number.replace(decimal, "."));
  return negative ? -value : value;
}

/* What each letter of a date's format stands for, as a pattern. */
const DATE_PATTERNS = {
  Y: "(?<Y>[0-9]{4})",
  y: "(?<y>[0-9]{2})",
  m: "(?<m>1[0-2]|0?[1-9])",
  d: "(?<d>3[01]|[12][0-9]|0?[1-9])",
  H: "(?<H>2[0-3]|[01]?[0-9])",
  I: "(?<I>1[0-2]|0?[1-9])",
  M: "(?<M>[0-5]?[0-9])",
  S: "(?<S>6[01]|[0-5]?[0-9])",
  f: "(?<f>[0-9]{1,6})",
  p: "(?<p>[AaPp][Mm])",
  B: `(?<B>${MONTHS.join("|")})`,
  b: `(?<b>${MONTHS.map((name) => name.slice(0, 3)).join("|")})`,
};

/* The days since 1970-01-01, the time as a fraction; of a time only the fraction. */
function readDate(text, format) {
  const pattern = format
    .split(/(%[A-Za-z])/)
    .map((part) =>
      part.startsWith("%") ? DATE_PATTERNS[part[1]] : escapePattern(part).replace(/\s+/g, "\\s+"),
    )
    .join("");
  const found = new RegExp(`^${pattern}$`, "i").exec(text);
  if (!found) return NaN;
  const { Y, y, m, B, b, d, H, I, M, S, f, p } = found.groups;
  const isNamed = (name) => name.slice(0, (B ?? b).length).toLowerCase() === (B ?? b).toLowerCase();
  const month = m ? Number(m) : (B ?? b) ? MONTHS.findIndex(isNamed) + 1 : 1;
  const year = Y ? Number(Y) : y ? Number(y) + (Number(y) < 69 ? 2000 : 1900) : 1970;
  const afternoon = p && p.toLowerCase() === "pm" ? 12 : 0;
  const hour = I ? (Number(I) % 12) + afternoon : Number(H ?? 0);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, Number(d ?? 1));
  if (d && date.getUTCDate() !== Number(d)) return NaN; // there is no 30 February
  const seconds = hour * 3600 + Number(M ?? 0) * 60 + Number(S ?? 0);
  const micro = f ? Number(f.padEnd(6, "0")) : 0;
  return (d ? date.getTime() / DAY : 0) + (seconds * 1e6 + micro) / (24 * 3600 * 1e6);
}

/* A number of days as the date that it stands for. */
function writeDate(days, format) {
  const date = new Date(Math.round(days * 24 * 3600 * 1000));
  const two = (number) => String(number).padStart(2, "0");
  const hour = date.getUTCHours();
  const parts = {
    Y: String(date.getUTCFullYear()).padStart(4, "0"),
    y: two(date.getUTCFullYear() % 100),
    m: two(date.getUTCMonth() + 1),
    d: two(date.getUTCDate()),
    H: two(hour),
    I: two(hour % 12 || 12),
    M: two(date.getUTCMinutes()),
    S: two(date.getUTCSeconds()),
    f: String(date.getUTCMilliseconds() * 1000).padStart(6, "0"),
    p: hour < 12 ? "AM" : "PM",
    B: MONTHS[date.getUTCMonth()],
    b: MONTHS[date.getUTCMonth()].slice(0, 3),
  };
  return format.replace(/%([A-Za-z])/g, (_, letter) => parts[letter] ?? "");
}

/* A number as people write it: four digits are enough on a page. */
function shortNumber(number) {
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1e9 || size < 1e-4) return number.toExponential(3);
  if (size >= 1000) return number.toLocaleString("en", { maximumFractionDigits: 1 });
  return String(Number(number.toPrecision(4)));
}
