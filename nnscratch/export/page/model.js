"use strict";

/* The model: it reads a row, computes the operations one after the other, and decides.
   Nothing in this file knows of the page. */

class RowError extends Error {}

/* The numbers of an array: written out with the digits of their type, or as bytes in base64. */
function decodeArray(array) {
  if (array === null) return null;
  const kind = array.dtype === "float32" ? Float32Array : Float64Array;
  if (array.values) return Float64Array.from(kind.from(array.values, (v) => v ?? NaN));
  const bytes = Uint8Array.from(atob(array.base64), (c) => c.charCodeAt(0));
  return Float64Array.from(new kind(bytes.buffer));
}

const FUNCTIONS = {
  "+": (a, b) => a + b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  tanh: Math.tanh,
  sqrt: Math.sqrt,
  abs: Math.abs,
  floor: Math.floor,
  max: (a, b) => (a > b ? a : b),
  min: (a, b) => (a < b ? a : b),
  softplus: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
};

/* A formula, which is a tree of numbers, names and calls, as a function of one number. */
function compileFormula(formula) {
  const places = new Map([[formula.argument, 0]]);
  formula.letters.forEach(([name], i) => places.set(name, i + 1));
  const values = new Float64Array(places.size);

  function compile(node) {
    if (typeof node === "number") return () => node;
    if (typeof node === "string") {
      const place = places.get(node);
      return () => values[place];
    }
    const [name, ...operands] = node;
    const [a, b, c] = operands.map(compile);
    if (name === "if") return () => (a() ? b() : c());
    if (name === "-") return b ? () => a() - b() : () => -a();
    const call = FUNCTIONS[name];
    if (!call) throw new Error(`a formula cannot have ${name} in it`);
    return b ? () => call(a(), b()) : () => call(a());
  }

  const letters = formula.letters.map(([, value]) => compile(value));
  const result = compile(formula.value);
  return (number) => {
    values[0] = number;
    letters.forEach((letter, i) => {
      values[i + 1] = letter();
    });
    return result();
  };
}

/* One function for each operation: it returns what makes the next numbers of the current ones.
   `row` has the numbers that were read. */
const OPERATIONS = {
  ReadColumns() {
    return (x) => x;
  },
  Recode({ codes }) {
    return (x) => x.map((v, i) => (codes[i] && v >= 0 ? codes[i][v] : v));
  },
  FlagMissing({ columns }) {
    return (x) => [...x, ...columns.map((i) => Number(Number.isNaN(x[i])))];
  },
  Impute({ values }) {
    const fill = decodeArray(values);
    return (x) => x.map((v, i) => (Number.isNaN(v) ? fill[i] : v));
  },
  DateParts({ columns, formulas }) {
    const parts = formulas.map((each) => each.map(compileFormula));
    return (x) => [...x, ...columns.flatMap((i, k) => parts[k].map((part) => part(x[i])))];
  },
  Scale({ shift, factor }) {
    const [a, b] = [decodeArray(shift), decodeArray(factor)];
    return a.length === 1 && shift.shape.length === 0
      ? (x) => x.map((v) => (v - a[0]) * b[0])
      : (x) => x.map((v, i) => (v - a[i]) * b[i]);
  },
  EncodeCategories({ counts }) {
    return (x) =>
      x.flatMap((v, i) =>
        counts[i] === null ? [v] : Array.from({ length: counts[i] }, (_, k) => Number(v === k)),
      );
  },
  Cast({ largest }) {
    return (x, row, columns) => {
      const inputs = x.map((v) => (Math.abs(v) > largest ? Math.sign(v) * Infinity : v));
      if (!inputs.every(Number.isFinite)) {
        const i = row.findIndex((v) => Math.abs(v) > largest);
        if (i >= 0) throw new RowError(`${columns[i].name}: ${row[i]} is too large`);
      }
      return inputs;
    };
  },
  EmbedNumbers({ columns, frequencies, phases, kernel, bias }) {
    const [f, p, weights, offsets] = [frequencies, phases, kernel, bias].map(decodeArray);
    const [, waves, size] = kernel.shape;
    return (x) => {
      const embedded = columns.flatMap((column, i) => {
        const sums = Array.from(offsets.subarray(i * size, (i + 1) * size));
        for (let w = i * waves; w < (i + 1) * waves; w++) {
          const wave = Math.cos(2 * Math.PI * x[column] * f[w] + p[w]);
          for (let k = 0; k < size; k++) sums[k] += wave * weights[w * size + k];
        }
        return sums;
      });
      return [...x, ...embedded];
    };
  },
  EncodePieces({ columns, lower, upper, mean, precision }) {
    const [a, b, m] = [lower, upper, mean].map(decodeArray);
    const round = precision === "float32" ? Math.fround : (v) => v;
    return (x) => {
      const pieces = columns.map((column, k) => {
        const inside = Math.min(Math.max(round(x[column]), a[k]), b[k]);
        return (inside - a[k]) / (b[k] - a[k]) - m[k];
      });
      return [...x, ...pieces];
    };
  },
  ScaleInputs({ scale }) {
    const factors = decodeArray(scale);
    return (x) => x.map((v, i) => v * factors[i]);
  },
  Dense({ kernel, bias }) {
    const [weights, offsets] = [decodeArray(kernel), decodeArray(bias)];
    const units = kernel.shape[1];
    return (x) => {
      const sums = offsets ? Array.from(offsets) : new Array(units).fill(0);
      x.forEach((v, i) => {
        if (v === 0) return;
        for (let k = 0; k < units; k++) sums[k] += v * weights[i * units + k];
      });
      return sums;
    };
  },
  Normalize({ mean, variance, gamma, beta, epsilon }) {
    const [m, v, g, b] = [mean, variance, gamma, beta].map(decodeArray);
    const factor = g.map((each, i) => each / Math.sqrt(v[i] + epsilon));
    return (x) => x.map((each, i) => (each - m[i]) * factor[i] + (b ? b[i] : 0));
  },
  Activate({ formula }) {
    const compute = compileFormula(formula);
    return (x) => x.map((v) => compute(v));
  },
  Sigmoid({ formula }) {
    const compute = compileFormula(formula);
    return (x) => x.map((v) => compute(v));
  },
  Softmax() {
    return (x) => {
      const largest = x.reduce((a, b) => Math.max(a, b), -Infinity);
      const powers = x.map((v) => Math.exp(v - largest));
      const total = powers.reduce((a, b) => a + b, 0);
      return powers.map((v) => v / total);
    };
  },
  Complement() {
    return ([p]) => [1 - p, p];
  },
  Average({ members }) {
    const each = members.map(buildSteps);
    return (x, row, columns) => {
      const results = each.map((steps) => runSteps(steps, x, row, columns));
      return results[0].map((_, k) => results.reduce((sum, r) => sum + r[k], 0) / results.length);
    };
  },
  Threshold({ border }) {
    return (x) => x.map((v) => Number(v > border));
  },
  ArgMax() {
    return (x) => [x.reduce((best, v, i) => (v > x[best] ? i : best), 0)];
  },
  DecodeLabels({ classes }) {
    return ([index]) => classes[index];
  },
  Unscale({ shift, unit }) {
    const [a, b] = [decodeArray(shift), decodeArray(unit)];
    return (x) => x.map((v, i) => v * b[i % b.length] + a[i % a.length]);
  },
  Exp() {
    return (x) => x.map((v) => Math.exp(v));
  },
  Expm1() {
    return (x) => x.map((v) => Math.expm1(v));
  },
  NameOutputs() {
    return (x) => (x.length === 1 ? x[0] : x);
  },
};

function buildSteps(operations) {
  return operations.map((each) => {
    const build = OPERATIONS[each.operation];
    if (!build) throw new Error(`the page does not know the operation ${each.operation}`);
    return build(each);
  });
}

function runSteps(steps, x, row, columns) {
  return steps.reduce((current, step) => step(current, row, columns), x);
}

class Model {
  constructor(data) {
    const decisions = ["Threshold", "ArgMax", "NameOutputs"];
    const border = data.operations.findIndex((each) => decisions.includes(each.operation));
    this.data = data;
    this.columns = data.columns;
    this.computation = buildSteps(data.operations.slice(0, border));
    this.decision = buildSteps(data.operations.slice(border));
  }

  /* The numbers of a row, which is an object or a list of values in the order of the columns. */
  read(row) {
    const { notation, missing } = this.data;
    const values = Array.isArray(row) ? row : this.columns.map(({ name }) => {
      if (!Object.hasOwn(row, name)) throw new RowError(`the row has no column ${name}`);
      return row[name];
    });
    if (values.length !== this.columns.length) {
      throw new RowError(`a row must have ${this.columns.length} values`);
    }
    return values.map((value, i) => {
      const number = readValue(value, this.columns[i], notation);
      if (Number.isNaN(number) && !missing) {
        throw new RowError(`${this.columns[i].name}: a value is needed`);
      }
      return number;
    });
  }

  /* What the answer is made from: probabilities, or other numbers. */
  compute(numbers) {
    const values = runSteps(this.computation, numbers, numbers, this.columns);
    if (!values.every(Number.isFinite)) {
      throw new RowError("the outputs overflow: the row is far from those of the training");
    }
    return values;
  }

  /* A class; a number or several; or 0 and 1 for labels. */
  decide(values) {
    return runSteps(this.decision, values, values, this.columns);
  }

  predict(row) {
    return this.decide(this.compute(this.read(row)));
  }

  /* How many of the made-up rows are predicted as nnscratch predicts them. */
  selfTest() {
    return this.data.self_test.filter(({ row, answer, values }) => {
      const found = this.compute(this.read(row));
      const near = found.every((v, k) => Math.abs(v - values[k]) <= 1e-9 * (1 + Math.abs(values[k])));
      const isClass = this.data.answer.kind === "class";
      return near && (!isClass || this.decide(found) === answer);
    }).length;
  }
}
