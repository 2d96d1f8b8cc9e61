// Where the view is. Ten million rows of 28 pixels are 280 million pixels: more than a browser lets an element be tall, and more than 32 bits of
// floating point can tell apart. So the place is a row and a part of it, in double precision, and pixels exist only for what is seen.

/** Speed falls to a third in this time, as on a phone. */
const GLIDE = 325;
/** A wheel's notch is spread over a moment, so that the eye can follow. */
const EASE = 70;
const SLOWEST = 12;

export class Scroll {
  /** @param {() => void} moved */
  constructor(moved) {
    Object.assign(this, { moved, top: 0, target: 0, speed: 0, mode: 'still', count: 0, visible: 1, velocity: 0, still: matchMedia('(prefers-reduced-motion: reduce)') });
    /** @type {{ at: number, rows: number }[]} */
    this.trail = [];
  }

  /** @param {number} visible how many rows there is room for, with fractions */
  fit(count, visible) {
    Object.assign(this, { count, visible });
    this.top = this.#within(this.top);
    this.target = this.#within(this.target);
  }

  get end() {
    return Math.max(0, this.count - this.visible);
  }

  #within(top) {
    return Math.max(0, Math.min(this.end, top));
  }

  /** At once. */
  to(top) {
    this.top = this.target = this.#within(top);
    this.mode = 'still';
    this.speed = 0;
    this.moved();
  }

  /** By rows, at once or (a notch of a wheel, a key) within a moment. */
  by(rows, smooth = false) {
    if (!smooth || this.still.matches) return this.to((this.mode === 'ease' ? this.target : this.top) + rows);
    this.target = this.#within((this.mode === 'ease' ? this.target : this.top) + rows);
    this.mode = 'ease';
    this.moved();
  }

  /** Scrolls no further than it must, so that a row is seen. */
  reveal(index) {
    if (index < this.top) this.to(index);
    else if (index + 1 > this.top + this.visible) this.to(index + 1 - this.visible);
  }

  hold() {
    this.mode = 'held';
    this.speed = 0;
    this.trail = [];
  }

  drag(rows, now) {
    this.top = this.target = this.#within(this.top + rows);
    this.trail.push({ at: now, rows });
    while (this.trail.length > 0 && now - this.trail[0].at > 100) this.trail.shift();
    this.moved();
  }

  /** The finger is gone; what it was moving goes on by itself. */
  release(now) {
    const recent = this.trail.filter(({ at }) => now - at < 100);
    const time = recent.length > 1 ? now - recent[0].at : 0;
    const speed = time > 0 ? (recent.reduce((sum, { rows }) => sum + rows, 0) / time) * 1000 : 0;
    this.mode = Math.abs(speed) > SLOWEST / 4 && !this.still.matches ? 'glide' : 'still';
    this.speed = this.mode === 'glide' ? speed : 0;
    this.moved();
  }

  /** One frame later. @returns {boolean} whether it moves by itself and wants another */
  advance(elapsed) {
    const before = this.top;
    if (this.mode === 'ease') {
      this.top += (this.target - this.top) * (1 - Math.exp(-elapsed / EASE));
      if (Math.abs(this.target - this.top) < 0.01) {
        this.top = this.target;
        this.mode = 'still';
      }
    } else if (this.mode === 'glide') {
      const decay = Math.exp(-elapsed / GLIDE);
      this.top = this.#within(this.top + ((this.speed * GLIDE) / 1000) * (1 - decay));
      this.speed *= decay;
      if (Math.abs(this.speed) < 0.4 || this.top === 0 || this.top === this.end) this.mode = 'still';
    }
    return this.mode === 'ease' || this.mode === 'glide' || this.top !== before;
  }

  /** Rows per second, however it was moved. A jump is no speed: what two frames in a row agree on is. */
  measure(elapsed) {
    const moved = this.top - (this.before ?? this.top);
    const now = elapsed > 0 ? (moved / elapsed) * 1000 : 0;
    const last = this.momentary ?? 0;
    Object.assign(this, { before: this.top, shift: moved, momentary: now, velocity: now * last <= 0 ? 0 : Math.abs(now) < Math.abs(last) ? now : last });
  }
}
