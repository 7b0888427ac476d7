"use strict";

/* Pictures as the training had them: light on dark, cropped to the strokes, scaled to fit and
   centred by mass. The same steps as in nnscratch/data/images.py, number for number. */

const WHITE = 255;
const FAINT = 0.2; // anything fainter than this share of the strongest stroke is background
const LOWEST_CONTRAST = 0.1;
const SMALL = 20; // formats with fewer pixels a side have no margin

class Grey {
  constructor(width, height, values = new Float64Array(width * height)) {
    this.width = width;
    this.height = height;
    this.values = values;
  }

  map(change) {
    return new Grey(this.width, this.height, this.values.map(change));
  }

  get largest() {
    return this.values.reduce((a, b) => (a > b ? a : b), -Infinity);
  }

  get smallest() {
    return this.values.reduce((a, b) => (a < b ? a : b), Infinity);
  }
}

/* The grey values of RGBA pixels on a white page; on a black one if nothing is seen on white. */
function greyOf({ width, height, data }) {
  let grey = null;
  for (const page of [255, 0]) {
    grey = new Grey(width, height);
    for (let i = 0; i < grey.values.length; i++) {
      const alpha = data[4 * i + 3] / 255;
      const [r, g, b] = [0, 1, 2].map((k) => Math.round(data[4 * i + k] * alpha + page * (1 - alpha)));
      grey.values[i] = (r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16;
    }
    if (grey.largest - grey.smallest >= LOWEST_CONTRAST * WHITE) break;
  }
  return grey;
}

/* The pixels of a row, from 0 to `largest`; null if nothing stands out from the background. */
function pixelsOf(grey, form) {
  const background = frameMedian(grey);
  const darker = background - grey.smallest;
  const lighter = grey.largest - background;
  if (Math.max(darker, lighter) < LOWEST_CONTRAST * WHITE) return null;
  const strokes = crop(grey.map((v) => (darker > lighter ? background - v : v - background)));
  const fits = grey.width === form.width && grey.height === form.height;
  const ready = fits && background <= WHITE / 2;
  if (!ready || Math.max(strokes.width, strokes.height) < boxOf(form)) grey = centre(strokes, form);
  return Array.from(grey.values, (v) => v * (form.largest / WHITE));
}

function frameMedian({ width, height, values }) {
  const frame = [];
  for (let x = 0; x < width; x++) frame.push(values[x], values[(height - 1) * width + x]);
  for (let y = 0; y < height; y++) frame.push(values[y * width], values[y * width + width - 1]);
  frame.sort((a, b) => a - b);
  const half = frame.length >> 1;
  return frame.length % 2 ? frame[half] : (frame[half - 1] + frame[half]) / 2;
}

/* The part that is drawn on, the strongest stroke white and the background black. */
function crop(grey) {
  const factor = WHITE / grey.largest;
  const strokes = grey.map((v) => (v * factor < FAINT * WHITE ? 0 : v * factor));
  let [left, right, top, bottom] = [grey.width, 0, grey.height, 0];
  strokes.values.forEach((v, i) => {
    if (!v) return;
    const [x, y] = [i % grey.width, Math.floor(i / grey.width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  });
  const part = new Grey(right - left + 1, bottom - top + 1);
  for (let y = 0; y < part.height; y++) {
    for (let x = 0; x < part.width; x++) {
      part.values[y * part.width + x] = strokes.values[(y + top) * grey.width + x + left];
    }
  }
  return part;
}

function centre(strokes, form) {
  const scale = boxOf(form) / Math.max(strokes.width, strokes.height);
  const size = (length) => Math.max(1, roundHalfEven(length * scale));
  const [width, height] = [size(strokes.width), size(strokes.height)];
  let small = resize(strokes, width, height).map((v) => Math.min(Math.max(v, 0), WHITE));
  const largest = small.largest;
  small = small.map((v) => v * (WHITE / largest)); // otherwise a thin pen on a large page fades
  const rows = new Float64Array(height);
  const columns = new Float64Array(width);
  small.values.forEach((v, i) => {
    rows[Math.floor(i / width)] += v;
    columns[i % width] += v;
  });
  const [top, left] = [offset(rows, form.height), offset(columns, form.width)];
  const page = new Grey(form.width, form.height);
  small.values.forEach((v, i) => {
    page.values[(top + Math.floor(i / width)) * form.width + left + (i % width)] = v;
  });
  return page;
}

/* The side of the square that the strokes fill: 20 of 28 pixels. */
function boxOf(form) {
  const side = Math.min(form.height, form.width);
  return side >= SMALL ? Math.floor((side * 5) / 7) : side;
}

/* The start that puts the centre of mass in the middle, with all mass on the page. */
function offset(mass, length) {
  const total = mass.reduce((a, b) => a + b, 0);
  const middle = mass.reduce((sum, v, i) => sum + (i + 0.5) * v, 0) / total;
  return Math.min(Math.max(roundHalfEven(length / 2 - middle), 0), length - mass.length);
}

function roundHalfEven(number) {
  const whole = Math.floor(number);
  const rest = number - whole;
  if (rest !== 0.5) return Math.round(number);
  return whole % 2 === 0 ? whole : whole + 1;
}

/* Resamples with the box filter of Pillow, first along the lines and then along the columns. */
function resize(grey, width, height) {
  const lines = boxWeights(grey.width, width);
  const wide = new Grey(width, grey.height);
  for (let y = 0; y < grey.height; y++) {
    lines.forEach(({ start, end }, x) => {
      let sum = 0;
      for (let i = start; i < end; i++) sum += grey.values[y * grey.width + i];
      wide.values[y * width + x] = sum / (end - start);
    });
  }
  const small = new Grey(width, height);
  boxWeights(grey.height, height).forEach(({ start, end }, y) => {
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let i = start; i < end; i++) sum += wide.values[i * width + x];
      small.values[y * width + x] = sum / (end - start);
    }
  });
  return small;
}

/* Which pixels each new pixel is the mean of: those whose centres lie in its box. */
function boxWeights(length, count) {
  const scale = length / count;
  const support = Math.max(scale, 1) * 0.5;
  return Array.from({ length: count }, (_, k) => {
    const middle = (k + 0.5) * scale;
    let start = Math.max(0, Math.trunc(middle - support + 0.5));
    let end = Math.min(length, Math.trunc(middle + support + 0.5));
    const inBox = (i) => {
      const place = (i - middle + 0.5) / Math.max(scale, 1);
      return place > -0.5 && place <= 0.5;
    };
    while (start < end && !inBox(start)) start++;
    while (end > start && !inBox(end - 1)) end--;
    return { start, end: Math.max(end, start + 1) };
  });
}
