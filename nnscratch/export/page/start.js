"use strict";

/* Starts the page: the parts that fit the model, kept up to date with its input. */

function start() {
  const model = new Model(JSON.parse(element("model").textContent));
  globalThis.nnscratch = model; // nnscratch.predict({...}) in the browser's console
  showAbout(model);
  if (model.data.image) startPictures(model);
  else startTable(model);
}

/* Calls a function no more than once for each picture that the screen shows. */
function throttled(call) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      call();
    });
  };
}

function onOtherTheme(call) {
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", call);
}

function startPictures(model) {
  const form = model.data.image;
  const layer = firstLayer(model);
  let pixels = null;
  const show = throttled(() => {
    element("seen").hidden = element("layer-section").hidden = !pixels;
    element("layer-section").hidden ||= !layer;
    if (!pixels) {
      showNothing("Draw something");
      return;
    }
    showSeen(element("seen-picture"), pixels, form);
    try {
      showAnswer(model, model.compute(model.read(pixels)));
      if (layer) showUnits(model, layer, pixels);
    } catch (error) {
      showRefusal(error);
    }
  });
  const paper = element("paper");
  element("draw").hidden = false;
  let drawing = null;
  drawing = new Drawing(paper, form, () => {
    pixels = drawing && drawing.pixels(form);
    show();
  });
  element("clear").addEventListener("click", () => drawing.clear());
  const open = async (file) => {
    try {
      if (file) await drawing.open(file);
    } catch {
      showRefusal(new Error(`${file.name}: is not a picture that this browser can read`));
    }
  };
  element("file").addEventListener("change", ({ target }) => {
    open(target.files[0]);
    target.value = ""; // so that the same file can be opened once more
  });
  addEventListener("dragover", (event) => {
    event.preventDefault();
    paper.classList.add("target");
  });
  addEventListener("dragleave", () => paper.classList.remove("target"));
  addEventListener("drop", (event) => {
    event.preventDefault();
    paper.classList.remove("target");
    open(event.dataTransfer.files[0]);
  });
  onOtherTheme(show);
}

function startTable(model) {
  document.body.classList.add("table");
  const isPlane = model.columns.length === 2 && model.columns.every((each) => each.kind === "number");
  const menu = element("curve-column");
  model.columns.forEach(({ name }, i) => menu.append(make("option", name, { value: String(i) })));
  element("curve-section").hidden = false;
  let row = null;
  let mark = () => {};
  const show = throttled(() => {
    try {
      const numbers = model.read(row);
      showAnswer(model, model.compute(numbers));
      drawCurve(model, row, Number(menu.value));
      mark(numbers);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      showRefusal(error);
    }
  });
  const setters = buildForm(model, element("form"), (changed) => {
    row = changed;
    show();
  });
  menu.addEventListener("change", show);
  if (isPlane) {
    const layer = firstLayer(model);
    const draw = () => {
      mark = drawPlane(model, layer, (a, b) => {
        setters[0](textOf(roundTo(a, (model.columns[0].high - model.columns[0].low) / STEPS, model.columns[0]), model.columns[0], model));
        setters[1](textOf(roundTo(b, (model.columns[1].high - model.columns[1].low) / STEPS, model.columns[1]), model.columns[1], model));
      });
      show();
    };
    element("plane-section").hidden = false;
    draw();
    onOtherTheme(draw);
  }
}

try {
  start();
} catch (error) {
  const failure = element("failure");
  failure.textContent = `This page does not work: ${error.message}`;
  failure.hidden = false;
  throw error;
}
