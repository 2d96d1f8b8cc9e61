import { faded } from './draw/painter.js';

const KEPT = 240;
/** CSS pixels of a bar, and milliseconds of a full one. */
const BAR = 2;
const MOST = 33.4;

/** How long frames took: between them, and of this thread's time in each. The interface draws its own graph of it. */
export class Frames {
  constructor() {
    this.count = 0;
    this.intervals = new Float32Array(KEPT);
    this.work = new Float32Array(KEPT);
    /** How many are in the ring's picture. */
    this.drawn = 0;
  }

  /** @param {number} interval milliseconds since the frame before; 0 after a pause, when there was nothing to draw */
  add(interval, work) {
    const i = this.count++ % KEPT;
    this.intervals[i] = interval;
    this.work[i] = work;
  }

  #recent(values, most = 60) {
    const out = [];
    for (let i = Math.max(0, this.count - most); i < this.count; i++) if (values[i % KEPT] > 0) out.push(values[i % KEPT]);
    return out.sort((a, b) => a - b);
  }

  /** Medians of the last second's frames. */
  get typical() {
    const middle = (list) => (list.length > 0 ? list[list.length >> 1] : 0);
    return { interval: middle(this.#recent(this.intervals)), work: middle(this.#recent(this.work)) };
  }

  /** How many fit into a width, in CSS pixels. */
  shown(width) {
    return Math.min(KEPT, Math.floor(width / BAR));
  }

  /**
   * A bar for each frame: grey for the time since the one before, bright for what this thread did. They are drawn once, each at its place in a ring, and
   * put on the screen in two pieces, the older left of the newer: see tiles.js.
   */
  drawNew(painter, colours, y, width, height) {
    const ring = this.shown(width);
    const scale = (ms) => Math.min(1, ms / MOST) * height;
    for (let frame = Math.max(0, this.drawn, this.count - ring); frame < this.count; frame++) {
      const [interval, work] = [this.intervals[frame % KEPT], this.work[frame % KEPT]];
      const x = (frame % ring) * BAR;
      painter.box(x, y, BAR, height, colours.raised);
      if (interval > 0) painter.box(x, y + height - scale(interval), BAR - 0.5, scale(interval), faded(interval > 25 ? colours.warn : colours.quiet, 0.45));
      painter.box(x, y + height - Math.max(1, scale(work)), BAR - 0.5, Math.max(1, scale(work)), interval > 25 ? colours.warn : colours.text);
    }
    this.drawn = this.count;
  }

  /** The two pieces, and lines at 60 and at 120 frames per second. */
  draw(painter, colours, box, from) {
    const { ratio } = painter;
    const ring = this.shown(box.width);
    const px = (value) => Math.round(value * ratio);
    const next = this.count % ring;
    const height = px(box.height);
    painter.tile(px(box.x), px(box.y), px((ring - next) * BAR), height, px(next * BAR), from);
    if (next > 0) painter.tile(px(box.x) + px((ring - next) * BAR), px(box.y), px(next * BAR), height, 0, from);
    painter.box(box.x, box.y + box.height - 1, box.width, 1, colours.line);
    for (const ms of [8.3, 16.7]) painter.box(box.x, box.y + box.height * (1 - ms / MOST), box.width, 0.5, faded(colours.focus, 0.7));
  }
}
