import * as protocol from './protocol.js';
import { row } from './words.js';

/** Pages kept, beyond those in view: 96 × 256 rows of 34 bytes are less than a megabyte. */
const KEPT = 96;
/** Pages asked for at once, at most: backend/Requests.cs refuses more than 32, and backend/Outbox.cs lets 16 be under way. */
const ASKED = 16;

/**
 * The rows that are there, of the ten million that could be. Each frame says which rows it shows and where it is going; what is missing is asked
 * for in one message that replaces the one before, so that what was scrolled past is never sent. What is not there yet is drawn as a placeholder.
 */
export class Rows {
  /** @param {(message: ArrayBuffer) => boolean} send @param {() => void} changed */
  constructor(send, changed) {
    Object.assign(this, { send, changed, words: null, pageRows: 256, view: 0, count: 0, total: 0, received: 0, bytes: 0, rowsReceived: 0, latency: 50, interval: 16.7, last: null });
    /** @type {Map<number, object>} In order of use: the first is the one to forget. */
    this.pages = new Map();
    this.asked = '';
    /** When each page that is wanted was first asked for. */
    this.sentAt = new Map();
    this.texts = new Map();
  }

  welcome(words) {
    Object.assign(this, { words, pageRows: words.pageRows, total: words.rows, count: words.rows });
  }

  /** A connection that is new knows nothing of what the one before was asked. */
  reconnected() {
    this.received = 0;
    this.asked = '';
  }

  /** Another view: nothing that is here belongs to it. */
  look(view, count) {
    Object.assign(this, { view, count });
    this.pages.clear();
    this.texts.clear();
    this.asked = '';
    this.last = null;
  }

  /** More rows were found: a last page that was not full is out of date. */
  grow(count) {
    const last = Math.floor(this.count / this.pageRows);
    if (count !== this.count && this.pages.get(last)?.count < this.pageRows) this.drop(last);
    this.count = count;
  }

  put(page) {
    this.received++;
    this.bytes += page.bytes;
    this.rowsReceived += page.count;
    this.asked = ''; // what has arrived is told, or the process would wait with the next
    if (page.view !== this.view || page.count === 0) return this.changed();
    const asked = this.sentAt.get(page.page);
    if (asked !== undefined) this.latency += (Math.min(1000, performance.now() - asked) - this.latency) / 8;
    this.drop(page.page);
    this.pages.set(page.page, page);
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= KEPT) break;
      this.drop(oldest);
    }
    this.changed();
    // At once, and not with the next frame: the process goes on as fast as pages arrive.
    if (this.last) this.need(...this.last);
  }

  drop(number) {
    this.pages.delete(number);
    for (let i = number * this.pageRows; this.texts.size > 0 && i < (number + 1) * this.pageRows; i++) this.texts.delete(i);
  }

  /** The row at a place of the view; null where it has not come yet. */
  at(index) {
    const known = this.texts.get(index);
    if (known) return known;
    const page = this.pages.get(Math.floor(index / this.pageRows));
    const i = index % this.pageRows;
    if (!page || i >= page.count) return null;
    const text = row(this.words, page, i);
    if (this.texts.size > 1024) this.texts.clear();
    this.texts.set(index, text);
    return text;
  }

  /** Whether a whole range is there. */
  has(first, last) {
    for (let page = Math.floor(first / this.pageRows); page * this.pageRows <= last; page++) {
      if (!(this.pages.get(page)?.count > Math.min(last - page * this.pageRows, this.pageRows - 1))) return false;
    }
    return true;
  }

  /**
   * Asks for what is in view and not there, then for what comes next. Where rows fly by so fast that what is seen now is past when it comes, it asks for what
   * will be seen then.
   * @param {number} velocity rows per second, with direction
   */
  need(first, last, velocity) {
    this.last = [first, last, velocity];
    if (!this.words || this.count === 0) return;
    const end = Math.ceil(this.count / this.pageRows) - 1;
    const wanted = [];
    const add = (page) => {
      if (page < 0 || page > end || wanted.length >= ASKED) return;
      const held = this.pages.get(page);
      if (held) {
        this.pages.delete(page); // used: to the end of the line
        this.pages.set(page, held);
      } else if (!wanted.includes(page)) wanted.push(page);
    };
    const range = (from, to) => {
      const [low, high] = [Math.floor(from / this.pageRows), Math.floor(to / this.pageRows)];
      for (let page = low; page <= high && page - low <= ASKED; page++) add(velocity >= 0 ? page : low + high - page);
    };
    const step = Math.sign(velocity) * this.pageRows;
    // The first frame that can show what comes now.
    const frame = Math.max(8, this.interval);
    const drift = (velocity * Math.ceil(this.latency / frame) * frame) / 1000;
    if (Math.abs(drift) > 2 * this.pageRows) {
      // When that will be is not known exactly: some pages on either side.
      for (let i = 0; i < ASKED; i++) {
        range(first + drift + i * step, last + drift + i * step);
        range(first + drift - i * step, last + drift - i * step);
      }
    }
    range(first, last);
    // A quarter of a second ahead, at least one page, and one behind.
    const ahead = Math.min(8, 1 + Math.floor(Math.abs(velocity) / 4 / this.pageRows));
    for (let i = 1; i <= ahead; i++) range(first + i * (step || this.pageRows), last + i * (step || this.pageRows));
    if (Math.abs(velocity) < this.pageRows) range(first - (step || this.pageRows), last - (step || this.pageRows));
    const asked = wanted.join();
    if (asked === this.asked) return;
    if (!this.send(protocol.want(this.view, this.received, wanted))) return;
    this.asked = asked;
    const now = performance.now();
    this.sentAt = new Map(wanted.map((page) => [page, this.sentAt.get(page) ?? now]));
  }
}
