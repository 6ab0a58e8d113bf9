"use strict";
// One pair at a time. The page knows trial numbers and sides, and never who speaks.

const at = (id) => document.getElementById(id);
const SIDES = ["left", "right"];
let listener = "";
let trials = 0;
let answers = {};
let current = 0;
let active = "left";
let heard = new Set();

function address(path) {
  return `${path}?listener=${encodeURIComponent(listener)}`;
}

async function ask(path, options) {
  at("error").textContent = "";
  try {
    const response = await fetch(address(path), options);
    const said = await response.json();
    if (!response.ok) throw new Error(said.detail);
    return said;
  } catch (problem) {
    at("error").textContent = `Not saved: ${problem.message}`;
    throw problem;
  }
}

function scoreOf(side) {
  const chosen = document.querySelector(`#${side} input:checked`);
  return chosen === null ? null : Number(chosen.value);
}

function show(number) {
  current = number;
  heard = new Set();
  active = "left";
  const answer = answers[number];
  at("progress").textContent = `Pair ${number + 1} of ${trials}`;
  at("bar").max = trials;
  at("bar").value = Object.keys(answers).length;
  SIDES.forEach((side, place) => {
    for (const input of document.querySelectorAll(`#${side} input`)) {
      input.checked = answer !== undefined && Number(input.value) === answer[place];
      input.disabled = answer === undefined;
    }
    at(side).classList.remove("active");
  });
  at("back").disabled = number === 0;
  at("next").disabled = answer === undefined;
}

async function play(side) {
  active = side;
  SIDES.forEach((name) => at(name).classList.toggle("active", name === side));
  const player = at("player");
  player.src = address(`sound/${current}/${side}`);
  try {
    await player.play();
  } catch (problem) {
    if (problem.name !== "AbortError") at("error").textContent = `It cannot be played: ${problem.message}`;
    return;
  }
  heard.add(side);
  document.querySelectorAll(`#${side} input`).forEach((input) => { input.disabled = false; });
}

async function score() {
  const [left, right] = SIDES.map(scoreOf);
  if (left === null || right === null) return;
  const number = current;
  await ask("score", { method: "POST", body: JSON.stringify({ trial: number, left, right }) });
  answers[number] = [left, right];
  at("bar").value = Object.keys(answers).length;
  if (number === current) at("next").disabled = false;
}

async function next() {
  if (at("next").disabled) return;
  at("player").pause();
  let number = current + 1;
  if (number >= trials) {
    number = 0;
    while (number < trials && answers[number] !== undefined) number += 1;
  }
  if (number < trials) show(number);
  else await finish();
}

async function finish() {
  const result = await ask("result");
  at("pair").hidden = true;
  at("end").hidden = false;
  for (const [who, said] of Object.entries(result)) {
    const row = at("result").insertRow();
    row.insertCell().textContent = `${who}: ${said.pin}`;
    row.insertCell().textContent = said.mean.toFixed(2);
  }
}

async function begin(event) {
  event.preventDefault();
  listener = at("listener").value.trim();
  const state = await ask("state");
  trials = state.trials;
  answers = state.answers;
  at("who").hidden = true;
  let number = 0;
  while (answers[number] !== undefined) number += 1;
  if (number >= trials) return finish();
  at("pair").hidden = false;
  show(number);
}

for (const side of SIDES) {
  const scores = document.querySelector(`#${side} .scores`);
  for (let value = 1; value <= 5; value += 1) {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: side, value: String(value), disabled: true });
    input.addEventListener("change", score);
    label.append(input, String(value));
    scores.append(label);
  }
  document.querySelector(`#${side} .play`).addEventListener("click", () => play(side));
}
at("who").addEventListener("submit", begin);
at("next").addEventListener("click", next);
at("back").addEventListener("click", () => show(current - 1));

document.addEventListener("keydown", (event) => {
  if (at("pair").hidden || event.ctrlKey || event.altKey || event.metaKey) return;
  const key = event.key.toLowerCase();
  if (key === "a" || key === "b") play(key === "a" ? "left" : "right");
  else if ("12345".includes(key)) {
    const input = document.querySelector(`#${active} input[value="${key}"]`);
    if (!input.disabled) { input.checked = true; score(); }
  } else if (key === "enter") next();
  else if (key === "backspace" && current > 0) show(current - 1);
  else return;
  event.preventDefault();
});

const requested = new URLSearchParams(window.location.search).get("listener");
if (requested !== null) at("listener").value = requested;
