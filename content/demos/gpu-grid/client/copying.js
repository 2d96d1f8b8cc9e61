import * as protocol from './protocol.js';
import { grouped, tsv } from './words.js';

/** Rows that are put together here; more are written by the process. */
const HERE = 5000;
const MAX_RANGES = 64;
/** As many as the process writes: backend/GridSession.cs. */
const MAX_ROWS = 50_000;

/**
 * Selected rows on the clipboard, as tab-separated text. What is here already is given at once, in the browser's own copy event, which needs nobody's
 * permission; for the rest the process is asked, and the clipboard gets it when it has come.
 */
export class Copying {
  constructor(grid) {
    Object.assign(this, { grid, token: 0, pending: null, ready: null });
    document.addEventListener('copy', (event) => this.#copy(event), { signal: grid.life.signal });
  }

  #copy(event) {
    const { selection, rows } = this.grid;
    const count = selection.count;
    if (event.target instanceof HTMLInputElement || count === 0) return;
    event.preventDefault();
    const ranges = selection.ranges.slice(0, MAX_RANGES);
    const key = `${rows.view} ${ranges.join(' ')}`;
    if (this.ready?.key === key) {
      event.clipboardData.setData('text/plain', this.ready.text);
      return this.#done(this.ready.rows, count);
    }
    if (count <= HERE && selection.ranges.length <= MAX_RANGES && ranges.every(([first, last]) => rows.has(first, last))) {
      event.clipboardData.setData('text/plain', this.#text(ranges));
      return this.#done(count, count);
    }
    this.#fetch(ranges, key, count);
  }

  #text(ranges) {
    const { rows } = this.grid;
    let text = '';
    for (const [first, last] of ranges) {
      for (let index = first; index <= last; index++) text += tsv(rows.words, rows.pages.get(Math.floor(index / rows.pageRows)), index % rows.pageRows);
    }
    return text;
  }

  async #fetch(ranges, key, count) {
    const { grid } = this;
    this.giveUp();
    // Without a connection it would be asked of one that knows nothing of these rows.
    if (!grid.socket.isOpen || !grid.socket.send(protocol.copy(grid.rows.view, ++this.token, ranges))) {
      return grid.say('There is no connection to the process just now. Nothing was copied.');
    }

    const asked = this.token;
    const answer = new Promise((resolve, reject) => { this.pending = { parts: [], resolve, reject }; });
    grid.say(`Fetching ${grouped(Math.min(count, MAX_ROWS))} rows to copy …`);
    const whole = answer.then(({ text }) => new Blob([text], { type: 'text/plain' }));
    whole.catch(() => {}); // it is the clipboard's, and where there is none nobody's
    // Asked for now, while the key press still counts as a person's wish; it may be written when it comes.
    const written = navigator.clipboard?.write?.([new ClipboardItem({ 'text/plain': whole })]) ?? Promise.reject(new Error('no clipboard'));
    const came = await Promise.all([written.then(() => true, () => false), answer]).catch(() => null);
    if (!came) return; // given up, and who gave up has said why
    const [outcome, { text, rows }] = came;
    if (asked !== this.token || grid.closed) return;
    if (outcome) return this.#done(rows, count);
    this.ready = { key, text, rows };
    grid.say(`${grouped(rows)} rows are here: copy once more to put them on the clipboard.`);
  }

  heard({ token, rows, isLast, text }) {
    const { pending } = this;
    if (token !== this.token || !pending) return;
    pending.parts.push(text);
    if (!isLast) return;
    this.pending = null;
    pending.resolve({ text: pending.parts.join(''), rows });
  }

  /**
   * What was asked for will not come, or not as it was meant: the clipboard waits for it no more, and keeps what it has.
   * @param {string} [why] is said where somebody waited; without, nothing is
   * @returns {string} what was said
   */
  giveUp(why = '') {
    if (!this.pending) return '';
    this.pending.reject(new Error(why || 'It was given up.'));
    this.pending = null;
    if (why) this.grid.say(why);
    return why;
  }

  #done(rows, selected) {
    this.ready = null;
    this.grid.say(rows < selected ? `Copied the first ${grouped(rows)} of ${grouped(selected)} rows.` : `Copied ${rows === 1 ? 'one row' : `${grouped(rows)} rows`}.`);
  }
}
