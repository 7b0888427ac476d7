"use strict";

/* What the page shows of a prediction: the answer, the bars, and what the model is. */

const MOST_BARS = 12;
const SPEAK_AFTER = 700; // milliseconds: a screen reader is to read answers, not every step to them

function element(id) {
  return document.getElementById(id);
}

function make(name, text = "", settings = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(settings)) made.setAttribute(key, value);
  return made;
}

function makeSvg(name, settings = {}, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(settings)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

let speaking = 0;

/* Says what is new, once it stays for a moment. */
function speak(text) {
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    if (element("spoken").textContent !== text) element("spoken").textContent = text;
  }, SPEAK_AFTER);
}

/* Shows values and the answer that is made of them. */
function showAnswer(model, values) {
  const { kind, names, probabilities } = model.data.answer;
  const answer = model.decide(values);
  const shown = element("answer");
  shown.replaceChildren();
  element("refusal").textContent = "";
  let text = "";
  if (kind === "class") {
    text = String(answer);
    const best = values.length > 1 ? Math.max(...values) : NaN;
    shown.append(text);
    if (probabilities) {
      shown.append(" ", make("small", percent(best)));
      text += `, ${percent(best)}`;
    }
  } else if (kind === "labels") {
    text = names.filter((_, k) => [answer].flat()[k]).join(", ") || "none of the labels";
    shown.append(text);
  } else if (values.length === 1) {
    text = shortNumber(values[0]);
    shown.append(text);
    if (names[0] !== "1") shown.append(" ", make("small", names[0]));
  } else {
    text = names.map((name, k) => `${name}: ${shortNumber(values[k])}`).join(", ");
  }
  showBars(model, values, answer);
  speak(text);
}

function showBars(model, values, answer) {
  const { kind, names, probabilities } = model.data.answer;
  const bars = element("bars");
  if (kind === "numbers" && values.length === 1) return;
  const order = values.map((_, k) => k);
  if (values.length > MOST_BARS) order.sort((a, b) => values[b] - values[a]).splice(MOST_BARS);
  bars.replaceChildren(
    ...order.map((k) => {
      const isBest =
        kind === "labels" ? [answer].flat()[k] : kind === "class" && values.length > 1 && values[k] === Math.max(...values);
      const row = make("li", "", { class: isBest ? "best" : "" });
      row.append(make("span", names[k], { class: "name", title: names[k] }));
      const track = make("span", "", { class: "track", "aria-hidden": "true" });
      if (probabilities) {
        const fill = make("span", "", { class: "fill" });
        fill.style.display = "block";
        fill.style.width = `${100 * values[k]}%`;
        track.append(fill);
      } else {
        track.style.visibility = "hidden";
      }
      const share = probabilities ? percent(values[k]) : shortNumber(values[k]);
      row.append(track, make("span", share, { class: "share" }));
      return row;
    }),
  );
}

function showNothing(hint) {
  element("answer").replaceChildren(make("small", hint));
  element("bars").replaceChildren();
  element("refusal").textContent = "";
}

/* A number beside an axis, where there is little room. */
function axisNumber(number) {
  if (Math.abs(number) < 1e4 || Math.abs(number) >= 1e15) return shortNumber(number);
  return number.toLocaleString("en", { notation: "compact", maximumSignificantDigits: 3 });
}

function showRefusal(error) {
  showNothing("");
  element("refusal").textContent = error.message;
}

/* The run's figures, its date, what it was trained on. */
function showAbout(model) {
  const { name, about, columns, image } = model.data;
  element("name").textContent = name;
  const date = about.trained.slice(0, 16).replace("T", " ");
  const origin = [about.data && `trained on ${about.data}`, date].filter(Boolean).join(", ");
  element("origin").textContent = origin;
  const facts = make("table");
  const add = (title, text) => {
    const row = make("tr");
    row.append(make("th", title, { scope: "row" }), make("td", text));
    facts.append(row);
  };
  if (about.trained) add("Trained", date);
  if (about.data) add("Data", about.data);
  const { "best epoch": best, "last epoch": last, ...others } = about.figures;
  const isLast = JSON.stringify(best) === JSON.stringify(last);
  for (const [part, figures] of Object.entries(isLast ? { ...others, "last epoch": last } : about.figures)) {
    if (!figures) continue;
    const texts = Object.entries(figures).map(([metric, value]) =>
      `${metric.replaceAll("_", " ")} ${metric.endsWith("accuracy") ? percent(value) : shortNumber(value)}`,
    );
    add(part[0].toUpperCase() + part.slice(1), texts.join(", "));
  }
  add("Input", image ? `pictures of ${image.width} × ${image.height} pixels` : `${columns.length} columns`);
  add("Network", `${about.numbers.toLocaleString("en")} numbers`);
  const tests = model.data.self_test.length;
  const agree = model.selfTest();
  add("Self-test", `${agree} of ${tests} made-up rows are predicted as by ${about.maker}`);
  element("facts").append(facts);
  if (agree < tests) throw new Error("this page computes something else than the model");
}
