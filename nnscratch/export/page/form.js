"use strict";

/* The form for tables: a slider or a menu for each column. */

const MISSING = "\u0000missing";
const OTHER = "\u0000other";
const STEPS = 200;

/* Builds the form; `changed` is called with another row. Returns what sets a column's value. */
function buildForm(model, form, changed) {
  const row = model.columns.map((column) => typicalValue(column, model));
  const setters = model.columns.map((column, i) => {
    const field = make("div", "", { class: `field ${column.kind}` });
    const change = (value) => {
      row[i] = value;
      field.classList.toggle("wrong", !isFine(model, column, value));
      changed(row, i);
    };
    const build = column.kind === "category" ? buildMenu : buildSlider;
    const set = build(model, column, i, field, change);
    form.append(field);
    return (value) => {
      set(value);
      change(value);
    };
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  changed(row, 0);
  return setters;
}

function isFine(model, column, value) {
  try {
    return !Number.isNaN(readValue(value, column, model.data.notation)) || model.data.missing;
  } catch {
    return false;
  }
}

function typicalValue(column, model) {
  if (column.kind === "category") return column.categories[0] ?? "";
  return textOf(column.typical, column, model);
}

/* A number as it is typed: a date, or a number in the table's notation. */
function textOf(number, column, model) {
  if (column.kind === "date") return writeDate(number, column.date_format);
  return String(Number(number.toPrecision(6))).replace(".", model.data.notation.decimal);
}

function buildMenu(model, column, i, field, change) {
  const menu = make("select", "", { id: `column-${i}` });
  const add = (value, text) => menu.append(make("option", text, { value }));
  column.categories.forEach((name) => add(name, name));
  if (model.data.missing) add(MISSING, "(no value)");
  add(OTHER, "(another)");
  menu.addEventListener("change", () => {
    change(menu.value === MISSING ? "" : menu.value === OTHER ? OTHER : menu.value);
  });
  field.append(make("label", column.name, { for: menu.id }), menu);
  return (value) => {
    menu.value = value;
  };
}

function buildSlider(model, column, i, field, change) {
  const text = make("input", "", { type: "text", id: `column-${i}`, autocomplete: "off" });
  if (column.kind === "number") text.inputMode = "decimal";
  if (model.data.missing) text.placeholder = "(no value)";
  const slider = make("input", "", { type: "range", min: "0", max: String(STEPS), step: "1" });
  slider.setAttribute("aria-label", `${column.name}, slider`);
  const place = (number) => ((number - column.low) / (column.high - column.low)) * STEPS;
  const describe = () => slider.setAttribute("aria-valuetext", text.value || "no value");
  text.value = typicalValue(column, model);
  slider.value = String(place(column.typical));
  describe();
  slider.addEventListener("input", () => {
    const number = column.low + ((column.high - column.low) * Number(slider.value)) / STEPS;
    text.value = textOf(roundTo(number, (column.high - column.low) / STEPS, column), column, model);
    describe();
    change(text.value);
  });
  const follow = () => {
    const number = isFine(model, column, text.value) ? readValue(text.value, column, model.data.notation) : NaN;
    if (!Number.isNaN(number)) slider.value = String(place(number));
    describe();
  };
  text.addEventListener("input", () => {
    follow();
    change(text.value);
  });
  field.append(make("label", column.name, { for: text.id }), slider, text);
  return (value) => {
    text.value = value;
    follow();
  };
}

/* A number with no more digits than the slider's steps tell apart; whole days of dates. */
function roundTo(number, step, column) {
  if (column.kind === "date") return /%[HI]/.test(column.date_format) ? number : Math.round(number);
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  return Number(number.toFixed(Math.min(digits, 20)));
}
