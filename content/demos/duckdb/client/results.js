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
  first(answer) {
    if (this.#shown) return false;
    this.#shown = answer;
    this.#table.show(answer);
    this.#draw(answer);
    return true;
  }

  /** All there is of it. */
  whole({ answer, cut }, from) {
    if (this.#shown !== answer) return;
    this.#table.grow();
    const why = this.#draw(answer);
    this.#element.dataset.rows = answer.rows;
    const more = { rows: `the first ${count(answer.rows)} rows; there are more`, bytes: answer.rows === 0 ? 'no row: the first alone has more than 8 MB' : `the first ${count(answer.rows)} ${answer.rows === 1 ? 'row' : 'rows'}; more would be too many bytes` };
    this.#about.textContent = `${more[cut] ?? `${count(answer.rows)} ${answer.rows === 1 ? 'row' : 'rows'}`}, ${from}`;
    this.view(why ? 'table' : 'chart');
  }

  /** Where nothing is shown yet: why it has not begun. @param {number} ahead queries of other tabs that come first */
  waiting(ahead = 0) {
    if (this.#shown) return;
    const words = ahead > 1 ? `Other tabs share this process: ${ahead} of their queries come first.` : 'Another tab shares this process, and its query runs; yours is next.';
    // Said again it would be read aloud again.
    if (this.#about.textContent !== (ahead > 0 ? words : '')) this.#about.textContent = ahead > 0 ? words : '';
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

  #draw(answer) {
    const rows = Array.from({ length: answer.rows }, (_, row) => answer.fields.map((_, column) => answer.value(row, column)));
    const why = this.#chart.show({ fields: answer.fields, rows });
    this.#no.textContent = why ? `No chart. ${why}` : '';
    return why;
  }
}
