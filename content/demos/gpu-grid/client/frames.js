import { faded } from './draw/painter.js';

const KEPT = 240;

/** How long frames took: between them, and of this thread's time in each. The interface draws its own graph of it. */
export class Frames {
  constructor() {
    this.count = 0;
    this.intervals = new Float32Array(KEPT);
    this.work = new Float32Array(KEPT);
    this.at = 0;
  }

  /** @param {number} interval milliseconds since the frame before; 0 after a pause, when there was nothing to draw */
  add(now, interval, work) {
    const i = this.count++ % KEPT;
    this.intervals[i] = interval;
    this.work[i] = work;
    this.at = now;
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

  /** A bar for each frame: grey for the time since the one before, bright for what this thread did; lines at 60 and at 120 frames per second. */
  draw(painter, colours, x, y, width, height) {
    const most = 33.4;
    const scale = (ms) => Math.min(1, ms / most) * height;
    const bar = 2;
    const shown = Math.min(KEPT, Math.floor(width / bar));
    painter.box(x, y + height - 1, width, 1, colours.line);
    for (let i = 0; i < shown; i++) {
      const frame = this.count - shown + i;
      if (frame < 0) continue;
      const [interval, work] = [this.intervals[frame % KEPT], this.work[frame % KEPT]];
      if (interval > 0) painter.box(x + i * bar, y + height - scale(interval), bar - 0.5, scale(interval), faded(interval > 25 ? colours.warn : colours.quiet, 0.45));
      painter.box(x + i * bar, y + height - Math.max(1, scale(work)), bar - 0.5, Math.max(1, scale(work)), interval > 25 ? colours.warn : colours.text);
    }
    for (const ms of [8.3, 16.7]) painter.box(x, y + height - scale(ms), width, 0.5, faded(colours.focus, 0.7));
  }
}
