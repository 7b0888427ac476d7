"use strict";

/* The drawing area: strokes by mouse, pen, finger or keyboard, pictures by file or drop. */

const PAPER = 280;
const MOST_PIXELS = 2000000;

class Drawing {
  /* `changed` is called whenever there is another picture. */
  constructor(canvas, form, changed) {
    const cell = PAPER / Math.max(form.width, form.height);
    canvas.width = Math.round(form.width * cell);
    canvas.height = Math.round(form.height * cell);
    this.canvas = canvas;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
    this.changed = changed;
    this.step = Math.max(4, cell / 2);
    this.pointers = new Map();
    this.cursor = { x: canvas.width / 2, y: canvas.height / 2, down: false };
    canvas.addEventListener("pointerdown", (event) => this.begin(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"]) {
      canvas.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
    }
    canvas.addEventListener("keydown", (event) => this.press(event));
    this.clear();
  }

  clear() {
    this.isEmpty = true;
    this.context.fillStyle = "#000";
    this.context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    this.changed();
  }

  begin(event) {
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const place = this.placeOf(event);
    this.pointers.set(event.pointerId, place);
    this.line(place, place);
  }

  move(event) {
    const last = this.pointers.get(event.pointerId);
    if (!last) return;
    let from = last;
    for (const each of event.getCoalescedEvents?.() ?? [event]) {
      const place = this.placeOf(each);
      this.line(from, place);
      from = place;
    }
    const place = this.placeOf(event);
    this.line(from, place);
    this.pointers.set(event.pointerId, place);
  }

  placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * this.canvas.width,
      y: ((event.clientY - box.top) / box.height) * this.canvas.height,
    };
  }

  line(from, to) {
    const { context } = this;
    context.strokeStyle = "#fff";
    context.lineWidth = PAPER / 13;
    context.lineCap = context.lineJoin = "round";
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(to.x + 0.01, to.y);
    context.stroke();
    this.isEmpty = false;
    this.changed();
  }

  press(event) {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const { cursor, canvas } = this;
    if (event.key === " ") {
      cursor.down = !cursor.down;
      if (cursor.down) this.line(cursor, cursor);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.clear();
    } else if (moves[event.key]) {
      const from = { ...cursor };
      const [x, y] = moves[event.key];
      cursor.x = Math.min(Math.max(cursor.x + x * this.step, 0), canvas.width);
      cursor.y = Math.min(Math.max(cursor.y + y * this.step, 0), canvas.height);
      if (cursor.down) this.line(from, cursor);
    } else {
      return;
    }
    event.preventDefault();
  }

  /* The picture as a row of pixels; null if nothing is on it. */
  pixels(form) {
    if (this.picture) return pixelsOf(this.picture, form);
    if (this.isEmpty) return null;
    const { width, height } = this.canvas;
    return pixelsOf(greyOf(this.context.getImageData(0, 0, width, height)), form);
  }

  /* Shows a picture, and predicts it with all its pixels. */
  async open(file) {
    const image = await createImageBitmap(file, { imageOrientation: "from-image" });
    const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (image.width * image.height)));
    const whole = document.createElement("canvas");
    whole.width = Math.max(1, Math.round(image.width * shrink));
    whole.height = Math.max(1, Math.round(image.height * shrink));
    const context = whole.getContext("2d");
    context.drawImage(image, 0, 0, whole.width, whole.height);
    this.clear();
    const fit = Math.min(this.canvas.width / whole.width, this.canvas.height / whole.height);
    const [width, height] = [whole.width * fit, whole.height * fit];
    const [left, top] = [(this.canvas.width - width) / 2, (this.canvas.height - height) / 2];
    this.context.drawImage(whole, left, top, width, height);
    this.isEmpty = false;
    this.picture = greyOf(context.getImageData(0, 0, whole.width, whole.height));
    this.changed();
    this.picture = null; // what is drawn on it afterwards counts as well
  }
}
