import { cell } from './format.js';
import { text } from './arrow/values.js';

const ROW = 28; // pixels; the style sheet says the same
const BEYOND = 12; // rows that are there above and below what is seen

/** Thousands of rows of which only those in sight are in the page; a screen reader is told how many there are and which these are. */
export class ResultTable {
  #place;
  #stream = null;
  #body;
  #above;
  #below;
  #from = -1;
  #to = -1;

  /** @param {HTMLElement} place scrolls */
  constructor(place) {
    this.#place = place;
    place.addEventListener('scroll', () => this.#window(), { passive: true });
    new ResizeObserver(() => this.#window()).observe(place);
  }

  /** @param {import('./arrow/stream.js').ArrowStream} stream it may still grow: then call `grow` */
  show(stream) {
    this.#stream = stream;
    this.#place.scrollTop = 0;
    const table = document.createElement('table');
    const head = table.createTHead().insertRow();
    for (const field of stream.fields) {
      const name = document.createElement('th');
      name.scope = 'col';
      name.textContent = field.name;
      if (isNumber(field)) name.className = 'number';
      head.append(name);
    }
    head.ariaRowIndex = '1';
    [this.#above, this.#body, this.#below] = [spacer(table), table.createTBody(), spacer(table)];
    [this.#from, this.#to] = [-1, -1];
    this.#place.replaceChildren(table);
    this.grow();
  }

  grow() {
    if (!this.#stream) return;
    this.#place.firstElementChild.ariaRowCount = String(this.#stream.rows + 1);
    this.#window();
  }

  clear() {
    this.#stream = null;
    this.#place.replaceChildren();
  }

  #window() {
    const stream = this.#stream;
    if (!stream) return;
    const from = Math.max(0, Math.floor(this.#place.scrollTop / ROW) - BEYOND);
    const to = Math.min(stream.rows, Math.ceil((this.#place.scrollTop + Math.max(this.#place.clientHeight, ROW)) / ROW) + BEYOND);
    if (from === this.#from && to === this.#to) return;
    [this.#from, this.#to] = [from, to];
    this.#body.replaceChildren(...Array.from({ length: to - from }, (_, i) => this.#row(from + i)));
    this.#above.style.height = `${from * ROW}px`;
    this.#below.style.height = `${(stream.rows - to) * ROW}px`;
  }

  #row(index) {
    const row = document.createElement('tr');
    row.ariaRowIndex = String(index + 2);
    for (const [i, field] of this.#stream.fields.entries()) {
      const value = this.#stream.value(index, i);
      const place = row.insertCell();
      place.textContent = cell(value, field, text);
      const exact = text(value, field);
      if (exact.length > 24 || field.kind === 'number') place.title = exact.slice(0, 2000);
      place.className = value === null ? 'null' : isNumber(field) ? 'number' : '';
    }
    return row;
  }
}

const isNumber = ({ kind }) => kind === 'integer' || kind === 'number';

/** A body of its own with one row as high as those that are not there: what is in it is nothing. */
function spacer(table) {
  const row = table.createTBody().insertRow();
  row.ariaHidden = 'true';
  row.className = 'spacer';
  return row;
}
