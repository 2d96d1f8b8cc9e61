import * as protocol from './protocol.js';
import { Columns, COMPACT } from './columns.js';
import { Copying } from './copying.js';
import { FilterBox } from './filter-box.js';
import { Frames } from './frames.js';
import { Keyboard } from './keyboard.js';
import { Mirror } from './mirror.js';
import { Picture } from './picture.js';
import { Pointer } from './pointer.js';
import { Rows } from './rows.js';
import { Scroll } from './scroll.js';
import { Selection } from './selection.js';
import { Surface } from './draw/surface.js';
import { Timeline } from './timeline.js';
import { palette, QUERIES } from './palette.js';
import { grouped } from './words.js';

export const MONO = '400 SIZE "Geist Mono", ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace';
export const SANS = '600 SIZE "Mona Sans", Inter, system-ui, -apple-system, "Segoe UI", sans-serif';

/** After a pause longer than this a frame has no frame before it. */
const PAUSE = 250;

/**
 * The interface: what there is to see, and when it is drawn. Everything that changes something says so by `invalidate`, which asks for one frame;
 * a frame lays out, draws, asks the process for what is missing, and brings the accessible mirror up to date when things have come to rest.
 */
export class Grid {
  /** @param {HTMLElement} place @param {{ said(): void, failed(why: string): void }} told */
  constructor(place, socket, told) {
    Object.assign(this, { place, socket, told, closed: false, scheduled: false, last: 0, hover: -1, focus: '', message: '', memory: 0, micros: 0, scanned: 0, tokens: 0, wrong: '', looks: 0, views: 0, filtered: '', aside: '', asked: { view: 0, filter: '' } });
    this.life = new AbortController();
    this.surface = new Surface(place, { changed: () => { this.dirtySize = true; told.said(); this.invalidate(); }, failed: told.failed, fell: (why) => this.say(why) });
    this.rows = new Rows((message) => socket.send(message), () => this.invalidate());
    this.scroll = new Scroll(() => this.invalidate());
    this.selection = new Selection();
    this.columns = new Columns();
    this.timeline = new Timeline();
    this.frames = new Frames();
    this.filter = new FilterBox(this);
    this.mirror = new Mirror(this);
    this.picture = new Picture(this);
    this.copying = new Copying(this);
    new Pointer(this);
    new Keyboard(this);
    const { signal } = this.life;
    this.#recolour();
    for (const query of QUERIES) matchMedia(query).addEventListener('change', () => this.#recolour(), { signal });
    document.addEventListener('visibilitychange', () => this.invalidate(), { signal });
    document.fonts.addEventListener('loadingdone', () => this.#newFonts(), { signal });
  }

  /** Waits for the typefaces and for the process's first words. */
  async begin(api, signal) {
    const welcome = new Promise((resolve, reject) => {
      this.socket.addEventListener('message', ({ data }) => this.#guarded(() => {
        if (typeof data === 'string') resolve(this.#welcome(JSON.parse(data)));
        else this.#heard(protocol.read(data));
      }));
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    this.socket.addEventListener('lost', () => this.copying.giveUp('The connection was lost: nothing was copied. Copy again when it is back.'), { signal });
    this.socket.addEventListener('open', ({ detail }) => detail.again && this.#again());
    await Promise.all([this.surface.open(api), welcome, ...[MONO, SANS].map((font) => document.fonts.load(font.replace('SIZE', '13px')).catch(() => {}))]);
    this.#newFonts();
    this.told.said();
  }

  /** Says what went wrong, instead of leaving a picture that no longer moves. */
  #guarded(act) {
    if (this.closed) return;
    try {
      act();
    } catch (error) {
      console.warn(error);
      this.told.failed(error.message);
    }
  }

  /** The first words of a process. Those of one that is known already, to which the connection came back, change nothing of what is looked at. */
  #welcome(words) {
    this.memory = words.memory;
    const { words: known } = this.rows;
    if (known && ['rows', 'start', 'end', 'pageRows'].every((name) => known[name] === words[name])) return this.invalidate();
    this.rows.welcome(words);
    this.timeline.welcome(words);
    this.filter.element.maxLength = words.maxFilter;
    this.mirror.words();
    this.invalidate();
  }

  #heard(message) {
    const current = message.view === this.rows.view;
    if (message.type === 'page') this.rows.put(message);
    else if (message.type === 'copied') this.copying.heard(message);
    else if (message.type === 'count' && (current || message.view === this.asked.view)) this.#counted(message);
    else if (current && message.type === 'bins') this.timeline.put(message);
    else if (current && message.type === 'located' && message.token === this.tokens) this.scroll.to(message.index - this.scroll.visible / 3);
    else if (message.type === 'wrong' && message.view === this.asked.view) {
      this.wrong = message.why;
      this.say(message.why);
    }
    this.invalidate();
  }

  #counted({ view, count, scanned, complete, micros, memory }) {
    if (view !== this.rows.view) this.#switch(view, count);
    Object.assign(this, { scanned, micros, memory });
    this.rows.grow(count);
    if (!complete) return;
    const aside = this.aside ? `${this.aside} ` : '';
    this.aside = '';
    this.say(aside + (this.isAll ? `All ${spoken(count)} rows.` : count === 0 ? 'No row is like that.' : `${spoken(count)} of ${spoken(this.rows.total)} rows.`));
  }

  /** Whether no filter is on. */
  get isAll() {
    return this.filtered.trim() === '';
  }

  /** Asks for other rows. Those that are there stay until the process has understood; where it does not, they stay for good. */
  look(filter) {
    this.wrong = '';
    this.asked = { view: ++this.views, filter };
    this.socket.send(protocol.show(this.asked.view, filter));
    this.invalidate();
  }

  #switch(view, count) {
    const top = Math.floor(this.scroll.top);
    const row = this.rows.at(top);
    // Said again with what the filter found, which would be in its place in a moment.
    this.aside = this.copying.giveUp('Nothing was copied: the rows became others.') || this.aside;
    this.filtered = this.asked.filter;
    this.rows.look(view, count);
    this.selection.clear();
    this.timeline.forget();
    this.scroll.fit(count, this.scroll.visible);
    // Whoever empties the filter stays where they were in time.
    this.scroll.to(this.isAll && row ? row.id + this.scroll.top - top : 0);
    this.mirror.later();
  }

  /** The connection came back, to the same process; what it knew of this page it has forgotten. */
  #again() {
    this.rows.reconnected();
    this.timeline.asked = ['', ''];
    this.socket.send(protocol.show(this.rows.view, this.filtered));
    if (this.filter.text !== this.filtered) this.look(this.filter.text);
    this.invalidate();
  }

  /** To a time: at once to about where it is, exactly when the process has said. */
  jump(time) {
    this.scroll.to(this.timeline.indexOf(time) - this.scroll.visible / 3);
    this.socket.send(protocol.locate(this.rows.view, ++this.tokens, time));
  }

  /** In the corner, and read aloud. */
  say(text) {
    this.message = text;
    this.mirror.say(text);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => { this.message = ''; this.invalidate(); }, 6000);
    this.invalidate();
  }

  get compact() {
    return this.place.clientWidth < COMPACT;
  }

  /** The time of a row, exactly where it is there, else about. */
  timeOf(index) {
    return this.rows.at(Math.max(0, Math.min(this.rows.count - 1, index)))?.time ?? this.timeline.timeOf(index);
  }

  invalidate() {
    if (this.scheduled || this.closed || document.hidden) return;
    this.scheduled = true;
    requestAnimationFrame((now) => this.#guarded(() => this.#frame(now)));
  }

  #frame(now) {
    this.scheduled = false;
    if (this.closed || document.hidden) return;
    const began = performance.now();
    const elapsed = now - this.last < PAUSE ? now - this.last : 0;
    this.last = now;
    const moves = this.scroll.advance(elapsed || 16.7);
    this.scroll.measure(elapsed);
    const layout = this.picture.layout();
    this.filter.place(layout);
    const drawn = this.surface.frame(this.colours.clear, (painter) => this.picture.draw(painter));
    if (drawn) this.frames.add(elapsed, performance.now() - began);
    this.#ask();
    this.mirror.later();
    // One frame more where it moved: what is drawn, asked for and mirrored at rest is not the same as in flight.
    if (moves || this.surface.painter.missing || this.scroll.momentary !== 0) this.invalidate();
  }

  #ask() {
    const { scroll, rows, timeline } = this;
    if (!rows.words) return;
    rows.interval = this.frames.typical.interval;
    rows.need(Math.floor(scroll.top), Math.min(rows.count - 1, Math.ceil(scroll.top + scroll.visible)), scroll.velocity);
    timeline.need((strip, count, from, to) => this.socket.send(protocol.bins(rows.view, strip, count, from, to)), rows.view, rows.count);
    const time = this.timeOf(Math.floor(scroll.top));
    if (scroll.shift !== 0) timeline.follow(time);
  }

  #recolour() {
    this.colours = palette(this.place.querySelector('.probe'));
    this.looks++;
    this.invalidate();
  }

  #newFonts() {
    this.surface.forgetFonts();
    this.invalidate();
  }

  close() {
    this.closed = true;
    this.copying.giveUp();
    this.life.abort();
    clearTimeout(this.quiet);
    this.filter.close();
    this.mirror.close();
    this.surface.close();
  }
}

const spoken = (count) => grouped(count).replaceAll('\u2009', ' ');
