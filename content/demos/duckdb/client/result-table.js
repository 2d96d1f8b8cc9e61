import { cell } from './format.js';

const ROW = 28; // pixels; the style sheet says the same
const LETTERS = 500; // of a cell: more would only be cut off by its width
const BEYOND = 12; // rows that are there above and below what is seen

/** Thousands of rows of which only those in sight are in the page; a screen reader is told how many there are and which these are. */
export class ResultTable {
  #place;
  #answer = null;
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

  /** @param {import('./bundles/answer.js').Answer} answer it may still grow: then call `grow` */
  show(answer) {
    this.#answer = answer;
    this.#place.scrollTop = 0;
    const table = document.createElement('table');
    const head = table.createTHead().insertRow();
    for (const field of answer.fields) {
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
    if (!this.#answer) return;
    this.#place.firstElementChild.ariaRowCount = String(this.#answer.rows + 1);
    this.#window();
  }

  clear() {
    this.#answer = null;
    this.#place.replaceChildren();
  }

  #window() {
    const answer = this.#answer;
    if (!answer) return;
    const from = Math.max(0, Math.floor(this.#place.scrollTop / ROW) - BEYOND);
    const to = Math.min(answer.rows, Math.ceil((this.#place.scrollTop + Math.max(this.#place.clientHeight, ROW)) / ROW) + BEYOND);
    if (from === this.#from && to === this.#to) return;
    [this.#from, this.#to] = [from, to];
    this.#body.replaceChildren(...Array.from({ length: to - from }, (_, i) => this.#row(from + i)));
    this.#above.style.height = `${from * ROW}px`;
    this.#below.style.height = `${(answer.rows - to) * ROW}px`;
  }

  #row(index) {
    const row = document.createElement('tr');
    row.ariaRowIndex = String(index + 2);
    for (const [i, field] of this.#answer.fields.entries()) {
      const value = this.#answer.value(index, i);
      const place = row.insertCell();
      const exact = this.#answer.text(index, i);
      place.textContent = cell(value, field, exact).slice(0, LETTERS);
      if (exact.length > 24 || field.kind === 'number') place.title = exact.slice(0, 2000);
      place.className = exact === 'NULL' && value === null ? 'null' : isNumber(field) ? 'number' : '';
    }
    return row;
  }
}

const isNumber = ({ kind }) => kind === 'integer' || kind === 'decimal' || kind === 'number';

/** A body of its own with one row as high as those that are not there: what is in it is nothing. */
function spacer(table) {
  const row = table.createTBody().insertRow();
  row.ariaHidden = 'true';
  row.className = 'spacer';
  return row;
}
