// The figures of the process. No decision is made here.

const find = (id) => document.getElementById(id);
const FIGURES = ['pid', 'started', 'rtt', 'memory', 'uptime', 'tabs', 'fencing', 'backend', 'closes', 'left'];

export const scene = find('scene');

export function put(id, text, title) {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
  if (title !== undefined) element.title = title;
}

export function clear() {
  for (const id of FIGURES) put(id, '–', '');
  for (const step of document.querySelectorAll('.steps li')) {
    step.classList.remove('done');
    step.lastElementChild.textContent = '';
    step.title = '';
  }
  put('scale', '');
}

/** What is true only of a process that lives. What it was and how it did may be read on. */
export function past() {
  for (const id of ['tabs', 'closes', 'left']) put(id, '–');
}

export function markSteps(history) {
  const first = Date.parse(history[0].time);
  for (const { status, time } of history) {
    const step = document.querySelector(`[data-step="${status}"]`);
    if (!step) continue;
    const after = Date.parse(time) - first;
    step.classList.add('done');
    step.lastElementChild.textContent = ` after ${after} ms`;
    step.title = `${status}: after ${after} ms`;
  }
}

export const digits = (milliseconds) => (milliseconds < 10 ? milliseconds.toFixed(2) : milliseconds.toFixed(0));
