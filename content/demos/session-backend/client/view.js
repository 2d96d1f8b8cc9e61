// What the page shows. No decision is made here.

import { tell } from '/client/frame.js';

const find = (id) => document.getElementById(id);
const page = document.querySelector('.demo');
const FIGURES = ['pid', 'started', 'rtt', 'memory', 'uptime', 'tabs', 'fencing', 'backend', 'closes', 'left'];

export const runButton = find('run');
export const stopButton = find('stop');
export const againButton = find('again');
export const scene = find('scene');

// Whoever frames this page has a border of their own.
page.classList.toggle('framed', window.parent !== window);

/** The state of the whole page, in one word and in a line that is read aloud, with what is said to nobody who sees; the page around it is told too. */
export function show(state, words, details, spoken = '') {
  page.dataset.state = state;
  put('status', words);
  if (spoken) find('status').append(Object.assign(document.createElement('span'), { className: 'unseen', textContent: spoken }));
  tell(state, { message: words, ...details });
}

export const isLive = () => page.dataset.state === 'live';

export function put(id, text, title) {
  const element = find(id);
  if (element.textContent !== text) element.textContent = text;
  if (title !== undefined) element.title = title;
}

/** Over the scene, while nothing runs in it. Without words for the button it stays as it is, and does nothing. */
export function curtain(lead, hint = '', { button = null, place = '', output = null } = {}) {
  put('lead', lead);
  put('hint', hint);
  put('place', place);
  find('place').hidden = place === '';
  if (button !== null) runButton.textContent = button;
  runButton.ariaDisabled = `${button === null}`;
  find('output').hidden = !output?.length;
  find('output').textContent = output?.join('\n') ?? '';
  find('curtain').hidden = false;
  find('output').scrollTop = find('output').scrollHeight;
}

export function raise() {
  const hadFocus = document.activeElement === runButton;
  find('curtain').hidden = true;
  stopButton.hidden = false;
  stopButton.ariaDisabled = 'false';
  if (hadFocus) stopButton.focus();
}

/** The line along the top of a running scene: something is about to happen, or is wrong. Empty words take it away. */
export function notice(words, { button = false, left = null } = {}) {
  find('notice').hidden = words === '';
  put('notice-words', words);
  againButton.hidden = !button;
  find('notice').style.setProperty('--left', left ?? 0);
}

export function clear() {
  for (const id of FIGURES) put(id, '–', '');
  for (const step of document.querySelectorAll('.steps li')) {
    step.classList.remove('done');
    step.lastElementChild.textContent = '';
    step.title = '';
  }
  put('scale', '');
  notice('');
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

export function clock(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (n) => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  return `${hours ? `${hours}:` : ''}${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
