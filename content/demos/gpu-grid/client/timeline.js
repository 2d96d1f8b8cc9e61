import { faded } from './draw/painter.js';
import { uv } from './palette.js';
import { clock, date, grouped } from './words.js';

/** Steps between the words under the bars, in milliseconds. */
const STEPS = [1e3, 5e3, 15e3, 6e4, 3e5, 9e5, 36e5, 3 * 36e5, 6 * 36e5, 864e5, 2 * 864e5, 7 * 864e5];
const NARROWEST = 60_000;
const BAR = 3;
/** Room for the words under the bars. */
const WORDS = 16;

/**
 * How many rows there are over time: the window that is looked at, in bars, and below it the whole log in a strip. Where a bar stands in the
 * whole decides its colour, and the rows have the same colour at their edge: the accent says when.
 */
export class Timeline {
  constructor() {
    Object.assign(this, { start: 0, end: 1, from: 0, to: 1, brush: null, strips: [null, null], asked: ['', ''], drawn: 0, sums: null, box: { x: 0, y: 0, width: 0, height: 0 } });
  }

  welcome({ start, end }) {
    Object.assign(this, { start, end, from: start, to: end });
  }

  /** Bars that came. @param {object} bins */
  put(bins) {
    this.strips[bins.strip] = bins;
    this.drawn++;
    bins.most = bins.all.reduce((most, each) => Math.max(most, each), 1);
    if (bins.strip !== 0) return;
    this.sums = new Float64Array(bins.all.length + 1);
    bins.all.forEach((each, i) => { this.sums[i + 1] = this.sums[i] + each; });
  }

  forget() {
    this.asked = ['', ''];
    this.brush = null;
  }

  /** What has to be asked for, at most once for each strip. @param {(strip: number, count: number, from: number, to: number) => boolean} ask */
  need(ask, view, extent) {
    if (this.box.width < 30) return;
    const count = Math.min(1024, Math.floor(this.box.width / BAR));
    const wanted = [[Math.min(512, count), this.start, this.end], [count, this.from, this.to]];
    wanted.forEach(([bins, from, to], strip) => {
      const key = `${view} ${extent} ${bins} ${from} ${to}`;
      if (this.asked[strip] !== key && ask(strip, bins, from, to)) this.asked[strip] = key;
    });
  }

  /** About when a row of the view happened, where the row itself is not known. */
  timeOf(index) {
    const { sums } = this;
    if (!sums) return this.start;
    let [low, high] = [0, sums.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (sums[middle] <= index) low = middle;
      else high = middle;
    }
    const part = (index - sums[low]) / Math.max(1, sums[low + 1] - sums[low]);
    return this.start + ((low + Math.min(1, part)) / (sums.length - 1)) * (this.end - this.start);
  }

  /** About which row of the view a time is. */
  indexOf(time) {
    const { sums } = this;
    if (!sums) return 0;
    const at = Math.max(0, Math.min(sums.length - 1 - 1e-9, ((time - this.start) / (this.end - this.start)) * (sums.length - 1)));
    const bin = Math.floor(at);
    return Math.floor(sums[bin] + (sums[bin + 1] - sums[bin]) * (at - bin));
  }

  part(time) {
    return (time - this.start) / (this.end - this.start);
  }

  timeAt(x) {
    return this.from + Math.max(0, Math.min(1, (x - this.box.x) / this.box.width)) * (this.to - this.from);
  }

  /** In the strip of the whole. */
  wholeAt(x) {
    return this.start + Math.max(0, Math.min(1, (x - this.box.x) / this.box.width)) * (this.end - this.start);
  }

  inStrip(y) {
    return y >= this.box.y + this.box.height - this.stripHeight - 4;
  }

  zoom(factor, time) {
    const span = Math.max(NARROWEST, Math.min(this.end - this.start, (this.to - this.from) * factor));
    const part = (time - this.from) / (this.to - this.from);
    this.look(time - part * span, span);
  }

  look(from, span = this.to - this.from) {
    this.from = Math.max(this.start, Math.min(this.end - span, from));
    this.to = this.from + span;
  }

  /** Follows the rows where they leave the window. */
  follow(time) {
    const span = this.to - this.from;
    if (span >= this.end - this.start || (time >= this.from && time <= this.to)) return;
    this.look(time - span / 2);
  }

  /** How many rows are brushed, as far as bars can tell. */
  get brushed() {
    if (!this.brush || !this.sums) return 0;
    return Math.max(0, this.indexOf(this.brush[1]) - this.indexOf(this.brush[0]));
  }

  /** Where the bars are, and the strip below them. */
  areas(box) {
    this.stripHeight = box.height > 72 ? 10 : 8;
    return {
      bars: { ...box, height: box.height - this.stripHeight - WORDS - 4 },
      whole: { ...box, y: box.y + box.height - this.stripHeight, height: this.stripHeight },
    };
  }

  /** What stays while rows are scrolled. */
  drawBars(painter, colours, font, box) {
    const { bars, whole } = this.areas(box);
    this.#bars(painter, colours, bars, this.strips[1], this.from, this.to);
    this.#words(painter, colours, font, bars);
    this.#bars(painter, colours, whole, this.strips[0], this.start, this.end, 0.55);
  }

  /** What moves with them. @param {{ x: number, y: number, width: number, height: number }} box @param {[number, number]} seen the times of the first and last row in view */
  draw(painter, colours, box, seen, focused) {
    this.box = box;
    const { bars, whole } = this.areas(box);
    const x = (time, from, to) => box.x + ((time - from) / (to - from)) * box.width;
    if (this.to - this.from < this.end - this.start) {
      const [left, right] = [x(this.from, this.start, this.end), x(this.to, this.start, this.end)];
      painter.box(left - 1, whole.y - 2, Math.max(4, right - left + 2), whole.height + 4, 0, 3, 1, colours.text);
    }
    if (this.brush) {
      const [left, right] = this.brush.map((time) => Math.max(box.x, Math.min(box.x + box.width, x(time, this.from, this.to))));
      painter.box(left, bars.y, Math.max(1, right - left), bars.height, faded(colours.focus, 0.22), 2, 1, colours.focus);
    }
    // Where the rows are that are seen: a line, however few they are.
    for (const [from, to, area] of [[this.from, this.to, bars], [this.start, this.end, whole]]) {
      const at = x(seen[0], from, to);
      if (at < box.x - 1 || at > box.x + box.width + 1) continue;
      painter.box(at - 0.75, area.y - 3, Math.max(1.5, x(seen[1], from, to) - at), area.height + 6, colours.text);
      if (area === bars) painter.box(at - 4, area.y - 6, 8, 8, colours.text, 4);
    }
    if (focused) painter.box(box.x - 6, box.y - 8, box.width + 12, box.height + 14, 0, 8, 2, colours.focus);
  }

  #bars(painter, colours, box, bins, from, to, alpha = 1) {
    painter.box(box.x, box.y + box.height - 0.5, box.width, 0.5, colours.line);
    if (!bins) return;
    const scale = box.width / (to - from);
    const each = (bins.to - bins.from) / bins.all.length;
    const full = Math.max(0.75, each * scale - (each * scale > 2 ? 1 : 0));
    for (let i = 0; i < bins.all.length; i++) {
      const time = bins.from + i * each;
      // Bars of another window, until those of this one come, end where it ends.
      const left = Math.max(box.x, box.x + (time - from) * scale);
      const width = Math.min(box.x + box.width, box.x + (time - from) * scale + full) - left;
      if (bins.all[i] === 0 || width <= 0) continue;
      const height = Math.max(1, Math.sqrt(bins.all[i] / bins.most) * box.height);
      painter.box(left, box.y + box.height - height, width, height, colours.forced ? colours.text : uv(this.part(time + each / 2), alpha));
      if (alpha < 1 || bins.errors[i] === 0) continue;
      // What went wrong stands at the foot of its bar, where it is enough to be seen.
      const wrong = Math.sqrt(bins.errors[i] / bins.all[i]) * height;
      if (wrong >= 1.5) painter.box(left, box.y + box.height - wrong, width, wrong, colours.error);
    }
  }

  #words(painter, colours, font, box) {
    const least = 92 * ((this.to - this.from) / box.width);
    const step = STEPS.find((each) => each >= least) ?? STEPS.at(-1) * Math.ceil(least / STEPS.at(-1));
    for (let time = Math.ceil(this.from / step) * step; time < this.to; time += step) {
      const x = box.x + ((time - this.from) / (this.to - this.from)) * box.width;
      const text = step >= 864e5 || time % 864e5 === 0 ? date(time) : clock(time, false).slice(0, step < 6e4 ? 8 : 5);
      painter.box(x, box.y + box.height, 0.5, 4, colours.quiet);
      painter.text(font, text, x + 4, box.y + box.height + 12, colours.quiet, box.x + box.width - x - 4);
    }
  }

  /** As it is read aloud. */
  spoken(time, index, count) {
    return `${date(time)} ${clock(time, false)} UTC, row ${grouped(index + 1).replaceAll('\u2009', ' ')} of ${grouped(count).replaceAll('\u2009', ' ')}`;
  }
}
