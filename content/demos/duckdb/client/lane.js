import { bytes, count, milliseconds, short } from './format.js';

/** One side of a race: how far it is, and its figures. */
export class Lane {
  #element;
  #rows = 0;
  #began = 0;
  #first = null;
  #ticking = 0;

  /** @param {HTMLElement} element with the places for its figures in it */
  constructor(element) {
    this.#element = element;
  }

  /** @param {boolean} shown whether this side takes part */
  begin(shown, rows) {
    this.#element.hidden = !shown;
    if (!shown) return;
    [this.#rows, this.#began, this.#first] = [rows, performance.now(), null];
    for (const name of ['drawnAt', 'drawnMs', 'wireBytes', 'memoryBytes']) delete this.#element.dataset[name];
    for (const name of ['first', 'whole', 'rate', 'wire', 'memory']) this.#put(name, '–');
    this.#state('running', 'starting');
    this.#bar(0);
    clearInterval(this.#ticking);
    // Its clock runs where all can see it; reduced motion gets a calm one.
    this.#ticking = setInterval(() => !document.hidden && this.#put('whole', milliseconds(performance.now() - this.#began)), matchMedia('(prefers-reduced-motion: reduce)').matches ? 1000 : 100);
  }

  loading({ loaded, total }) {
    this.#state('running', total > 0 ? `loading ${bytes(loaded)}` : 'loading');
    this.#bar(total > 0 ? loaded / (total + 8e6) : 0);
  }

  waiting({ ahead }) {
    this.#state('running', `waiting, ${ahead} before it`);
    this.#bar(0);
  }

  progress({ percentage, memory }) {
    this.#state('running', percentage > 0 ? `${percentage.toFixed(0)} %` : 'running');
    this.#bar(Math.max(percentage, 0) / 100);
    this.#put('memory', bytes(memory));
  }

  first() {
    this.#first = performance.now() - this.#began;
    this.#put('first', milliseconds(this.#first));
    // When it was on the screen, and not only in the page; measured by ./bench duckdb.
    requestAnimationFrame(() => {
      this.#element.dataset.drawnAt = performance.now().toFixed(1);
      this.#element.dataset.drawnMs = (performance.now() - this.#began).toFixed(1);
    });
  }

  done({ bytes: wire, memory, answer }, before) {
    Object.assign(this.#element.dataset, { wireBytes: wire + before, memoryBytes: memory });
    const whole = this.#end('done', `${count(answer.rows)} ${answer.rows === 1 ? 'row' : 'rows'}`);
    this.#put('rate', `${short((this.#rows / whole) * 1000)}/s`);
    this.#put('wire', bytes(wire), before > 0 ? `${bytes(before)} before that` : '');
    this.#put('memory', bytes(memory));
    this.#bar(1);
  }

  failed({ kind, memory }) {
    const words = { cancelled: 'cancelled', time: 'out of time', memory: 'out of memory', disk: 'out of disk', lost: 'connection lost', missing: 'not built', load: 'not loaded' };
    this.#end('failed', words[kind] ?? 'failed');
    if (memory) this.#put('memory', bytes(memory));
  }

  #end(state, words) {
    clearInterval(this.#ticking);
    const whole = performance.now() - this.#began;
    this.#put('whole', milliseconds(whole));
    this.#state(state, words);
    return whole;
  }

  #state(state, words) {
    this.#element.dataset.state = state;
    this.#put('state', words);
  }

  #bar(part) {
    this.#element.style.setProperty('--part', Math.min(part, 1));
  }

  #put(name, text, title = '') {
    const place = this.#element.querySelector(`[data-figure=${name}]`);
    place.textContent = text;
    place.title = title;
  }
}
