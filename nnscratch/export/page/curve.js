"use strict";

/* The curve of the answer along one column, the other columns staying as they are. */

const CURVE = { height: 240, left: 56, right: 12, top: 12, bottom: 34 };
const CURVE_WIDTHS = [260, 560];
const CURVE_POINTS = 80;
const MOST_CURVES = 8;

/* Shows the answer along a column: one picture of all probabilities, or one of each number. */
function drawCurve(model, row, index) {
  const column = model.columns[index];
  const isCategory = column.kind === "category";
  const places = isCategory
    ? column.categories.map((_, k) => k)
    : Array.from({ length: CURVE_POINTS + 1 }, (_, k) => column.low + ((column.high - column.low) * k) / CURVE_POINTS);
  const numbers = model.read(row);
  const points = places.map((place) => {
    try {
      return model.compute(numbers.map((v, i) => (i === index ? place : v)));
    } catch {
      return null;
    }
  });
  const now = numbers[index];
  const values = model.compute(numbers);
  const order = values.map((_, k) => k).sort((a, b) => values[b] - values[a]);
  const shown = values.length > MOST_CURVES ? order.slice(0, MOST_CURVES).sort((a, b) => a - b) : order.sort((a, b) => a - b);
  const { kind, names } = model.data.answer;
  const isSeparate = kind === "numbers" && shown.length > 1;
  const groups = isSeparate ? shown.map((k) => [k]) : [shown];
  const pictures = groups.flatMap((group) => [
    ...(isSeparate ? [make("p", names[group[0]], { class: "hint" })] : []),
    curvePicture(model, { column, places, points, values, now, shown: group }),
  ]);
  const colors = shown.length > 1 && !isSeparate ? [legend(model, shown)] : [];
  element("curve").replaceChildren(...pictures, ...colors);
}

function curvePicture(model, { column, places, points, values, now, shown }) {
  const isCategory = column.kind === "category";
  const all = points.filter(Boolean).flatMap((point) => shown.map((k) => point[k]));
  const isShare = model.data.answer.probabilities;
  const ends = [...all, ...shown.map((k) => values[k])];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const spread = high - low || Math.abs(high) || 1;
  const [bottom, top] = isShare ? [0, 1] : [low - 0.05 * spread, high + 0.05 * spread];
  const first = isCategory ? -0.5 : column.low;
  const last = isCategory ? places.length - 0.5 : column.high;
  const { height, left, right } = CURVE;
  const width = Math.min(Math.max(element("curve").clientWidth, CURVE_WIDTHS[0]), CURVE_WIDTHS[1]);
  const x = (place) => left + ((place - first) / (last - first || 1)) * (width - left - right);
  const y = (v) => height - CURVE.bottom - ((v - bottom) / (top - bottom)) * (height - CURVE.top - CURVE.bottom);
  const svg = makeSvg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img" });
  const what = model.data.answer.names.length > 1 ? "The values of all answers" : "The answer";
  svg.append(makeSvg("title", {}, `${what} along ${column.name}`));
  svg.append(makeSvg("path", { class: "axis", d: `M${left} ${CURVE.top}V${height - CURVE.bottom}H${width - right}` }));
  const label = (v) => (isShare ? `${Math.round(100 * v)} %` : axisNumber(v));
  for (const v of [bottom, (bottom + top) / 2, top]) {
    svg.append(makeSvg("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end" }, label(v)));
  }
  const ticks = isCategory ? places : [column.low, (column.low + column.high) / 2, column.high];
  ticks.forEach((place, k) => {
    if (isCategory && places.length > 8 && k % Math.ceil(places.length / 8)) return;
    const text = isCategory ? column.categories[place].slice(0, 12) : column.kind === "date" ? writeDate(place, column.date_format) : axisNumber(place);
    const anchor = isCategory || k === 1 ? "middle" : k ? "end" : "start";
    svg.append(makeSvg("text", { x: x(place), y: height - CURVE.bottom + 18, "text-anchor": anchor }, text));
  });
  if (now >= first && now <= last) {
    svg.append(makeSvg("path", { class: "now", d: `M${x(now)} ${CURVE.top}V${height - CURVE.bottom}` }));
  }
  shown.forEach((k, i) => {
    const color = `var(--c${i % MOST_CURVES})`;
    if (isCategory) {
      points.forEach((point, j) => {
        if (point) svg.append(makeSvg("circle", { cx: x(j), cy: y(point[k]), r: 5, style: `fill: ${color}` }));
      });
      return;
    }
    const parts = points.map((point, j) => (point ? `${j && points[j - 1] ? "L" : "M"}${x(places[j]).toFixed(1)} ${y(point[k]).toFixed(1)}` : ""));
    svg.append(makeSvg("path", { class: "curve", d: parts.join(""), style: `stroke: ${color}` }));
  });
  return svg;
}

function legend(model, shown) {
  const list = make("ul", "", { class: "legend" });
  shown.forEach((k, i) => {
    const item = make("li", model.data.answer.names[k]);
    item.style.setProperty("--color", `var(--c${i % MOST_CURVES})`);
    list.append(item);
  });
  return list;
}
