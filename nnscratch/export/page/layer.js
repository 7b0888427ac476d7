"use strict";

/* The first layer: what each of its units sees of a picture, or makes of the plane. */

const MOST_UNITS = 24;
const GRID = 72;
const UNIT_GRID = 36;

/* The first layer of a model with one network: from a row's numbers to inputs and outputs. */
function firstLayer(model) {
  const operations = model.data.operations;
  const dense = operations.findIndex((each) => each.operation === "Dense");
  if (dense < 0 || operations[dense + 1] === undefined) return null;
  let end = dense + 1;
  while (["Normalize", "Activate"].includes(operations[end].operation)) end++;
  const before = buildSteps(operations.slice(0, dense));
  const layer = buildSteps(operations.slice(dense, end));
  const { kernel } = operations[dense];
  return {
    units: kernel.shape[1],
    weights: decodeArray(kernel),
    inputs: (numbers) => runSteps(before, numbers, numbers, model.columns),
    outputs: (inputs, numbers) => runSteps(layer, inputs, numbers, model.columns),
  };
}

/* A color of the page's theme as red, green and blue. */
function themeColor(name) {
  const text = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
}

function mix(a, b, share) {
  return a.map((v, k) => v + (b[k] - v) * share);
}

function paint(canvas, width, height, colorOf) {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("2d");
  const picture = context.createImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    picture.data.set([...colorOf(i).map(Math.round), 255], 4 * i);
  }
  context.putImageData(picture, 0, 0);
}

/* From −1 to 1: the color for low, that of the card in the middle, the color for high. */
function diverging() {
  const [low, middle, high] = ["--low", "--card", "--high"].map(themeColor);
  return (share) => mix(middle, share < 0 ? low : high, Math.min(1, Math.abs(share)));
}

function unitFigure(k) {
  const figure = make("figure");
  figure.append(make("canvas", "", { class: "pixels", "aria-hidden": "true" }), make("figcaption", `unit ${k + 1}`));
  return figure;
}

/* Shows the grey pixels of a picture. */
function showSeen(canvas, pixels, { width, height, largest }) {
  paint(canvas, width, height, (i) => {
    const shade = Math.min(255, (255 * pixels[i]) / largest);
    return [shade, shade, shade];
  });
}

/* Shows what each unit takes from the picture: its weights times the inputs. */
function showUnits(model, layer, numbers) {
  const { width, height } = model.data.image;
  const box = element("layer");
  const count = Math.min(layer.units, MOST_UNITS);
  if (!box.children.length) {
    for (let k = 0; k < count; k++) box.append(unitFigure(k));
    element("layer-hint").textContent =
      `What ${count < layer.units ? `the first ${count} of ${layer.units}` : `all ${count}`} units take from each pixel: ` +
      "its value times its weight, blue for and orange against. Below is what the unit passes on.";
  }
  const inputs = layer.inputs(numbers);
  const outputs = layer.outputs(inputs, numbers);
  const color = diverging();
  for (let k = 0; k < count; k++) {
    const shares = inputs.map((v, i) => v * layer.weights[i * layer.units + k]);
    const largest = shares.reduce((a, b) => Math.max(a, Math.abs(b)), 1e-12);
    const [canvas, caption] = box.children[k].children;
    paint(canvas, width, height, (i) => color(shares[i] / largest));
    caption.textContent = shortNumber(Number(outputs[k].toFixed(3)));
  }
}

/* The answer everywhere between the ends of two columns, and what the units make of it. */
function drawPlane(model, layer, pick) {
  const [first, second] = model.columns;
  const at = (i, grid) => [
    first.low + ((first.high - first.low) * ((i % grid) + 0.5)) / grid,
    second.high - ((second.high - second.low) * (Math.floor(i / grid) + 0.5)) / grid,
  ];
  const values = Array.from({ length: GRID * GRID }, (_, i) => model.compute(at(i, GRID)));
  const canvas = make("canvas", "", { role: "img", "aria-label": `The answer for each ${first.name} and ${second.name}; the fields above set them.` });
  paint(canvas, GRID, GRID, planeColors(model, values));
  const marker = makeMarker(canvas, first, second, pick);
  const plane = make("div", "", { class: "plane" });
  plane.append(make("span", second.name, { class: "vertical hint" }), marker.box, make("span", first.name, { class: "horizontal hint" }));
  element("plane").replaceChildren(plane);
  if (values[0].length > 1) element("plane").append(legend(model, values[0].slice(0, MOST_CURVES).map((_, k) => k)));
  if (layer) drawUnitPlanes(layer, at);
  return marker.show;
}

function planeColors(model, values) {
  if (model.data.answer.kind === "class" && values[0].length > 1 && model.data.answer.probabilities) {
    const colors = Array.from({ length: MOST_CURVES }, (_, k) => themeColor(`--c${k}`));
    const card = themeColor("--card");
    return (i) => mix(card, values[i].slice(0, MOST_CURVES).reduce((sum, p, k) => sum.map((v, j) => v + p * colors[k][j]), [0, 0, 0]), 0.75);
  }
  const numbers = values.map((each) => each[0]);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  const color = diverging();
  return (i) => color(high > low ? (2 * (numbers[i] - low)) / (high - low) - 1 : 0);
}

/* A box with the canvas and a cross over it that follows the row. */
function makeMarker(canvas, first, second, pick) {
  const box = make("div");
  box.style.position = "relative";
  const cross = make("span", "+", { "aria-hidden": "true" });
  cross.style.cssText = "position:absolute;transform:translate(-50%,-54%);font:700 1.6rem/1 system-ui;pointer-events:none;text-shadow:0 0 3px var(--paper)";
  box.append(canvas, cross);
  const choose = (event) => {
    const area = canvas.getBoundingClientRect();
    const share = (v) => Math.min(Math.max(v, 0), 1);
    pick(
      first.low + (first.high - first.low) * share((event.clientX - area.left) / area.width),
      second.high - (second.high - second.low) * share((event.clientY - area.top) / area.height),
    );
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    choose(event);
  });
  canvas.addEventListener("pointermove", (event) => event.buttons && choose(event));
  const show = ([a, b]) => {
    const x = (a - first.low) / (first.high - first.low);
    const y = (second.high - b) / (second.high - second.low);
    cross.hidden = !(x >= 0 && x <= 1 && y >= 0 && y <= 1);
    cross.style.left = `${100 * x}%`;
    cross.style.top = `${100 * y}%`;
  };
  return { box, show };
}

function drawUnitPlanes(layer, at) {
  const count = Math.min(layer.units, MOST_UNITS);
  const outputs = Array.from({ length: UNIT_GRID * UNIT_GRID }, (_, i) => {
    const numbers = at(i, UNIT_GRID);
    return layer.outputs(layer.inputs(numbers), numbers);
  });
  const color = diverging();
  element("layer").replaceChildren();
  for (let k = 0; k < count; k++) {
    const largest = outputs.reduce((a, each) => Math.max(a, Math.abs(each[k])), 1e-12);
    const figure = unitFigure(k);
    paint(figure.firstChild, UNIT_GRID, UNIT_GRID, (i) => color(outputs[i][k] / largest));
    element("layer").append(figure);
  }
  element("layer-hint").textContent = `What ${count < layer.units ? `the first ${count} of ${layer.units}` : `all ${count}`} units pass on, everywhere on the plane.`;
  element("layer-section").hidden = false;
}
