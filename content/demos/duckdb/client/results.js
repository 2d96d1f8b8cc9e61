import { Chart } from './charts/chart.js';
import { count } from './format.js';
import { ResultTable } from './result-table.js';

/** An answer on the screen: the chart, the table, and one line about it. The first that comes is shown; the same from the other side changes nothing. */
export class Results {
  #element;
  #chart;
  #table;
  #about;
  #no;
  #shown = null;

  constructor(element) {
    const find = (name) => element.querySelector(`#${name}`);
    this.#element = element;
    this.#chart = new Chart(find('chart'));
    this.#table = new ResultTable(find('table'));
    [this.#about, this.#no] = [find('about'), find('no-chart')];
    for (const view of ['chart', 'table']) find(`show-${view}`).addEventListener('click', () => this.view(view));
  }

  get isEmpty() {
    return this.#shown === null;
  }

  view(view) {
    this.#element.dataset.view = view;
    for (const each of ['chart', 'table']) this.#element.querySelector(`#show-${each}`).ariaPressed = String(each === view);
  }

  /** The first rows of an answer. @returns {boolean} whether it is the one that is shown */
  first(stream) {
    if (this.#shown) return false;
    this.#shown = stream;
    this.#table.show(stream);
    this.#draw(stream);
    return true;
  }

  /** All there is of it. */
  whole({ stream, cut }, from) {
    if (this.#shown !== stream) return;
    this.#table.grow();
    const why = this.#draw(stream);
    this.#element.dataset.rows = stream.rows;
    const more = { rows: `the first ${count(stream.rows)} rows; there are more`, bytes: `the first ${count(stream.rows)} rows; more would be too many bytes` };
    this.#about.textContent = `${more[cut] ?? `${count(stream.rows)} ${stream.rows === 1 ? 'row' : 'rows'}`}, ${from}`;
    this.view(why ? 'table' : 'chart');
  }

  /** Added to the line about it. */
  agree(words) {
    this.#about.textContent += `. ${words}`;
  }

  clear() {
    this.#shown = null;
    delete this.#element.dataset.rows;
    this.#chart.clear();
    this.#table.clear();
    this.#no.textContent = '';
    this.#about.textContent = '';
  }

  #draw(stream) {
    const rows = Array.from({ length: stream.rows }, (_, row) => stream.fields.map((_, column) => stream.value(row, column)));
    const why = this.#chart.show({ fields: stream.fields, rows });
    this.#no.textContent = why ? `No chart. ${why}` : '';
    return why;
  }
}
