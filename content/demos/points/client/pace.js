// How many points are drawn here while the camera moves: so many that it goes on moving. EffortController.cs does it for the other side.

/** Milliseconds a moving picture may take. */
const TARGET = 40;
/** Of these two in a row, with the fewest points: this is no machine for it. */
const TOO_SLOW = 250;
const LEAST = 50_000;
const MOST = 20_000_000;
/** A slice of a still takes no longer than so many moving pictures; that long waits who changes their mind. */
const SLICE = 2;

export class Pace {
  #slow = 0;
  /** Points in a moving picture. It begins low, and is soon where it belongs. */
  inMotion = 600_000;

  /** Points of a still that are drawn in one go. */
  get slice() {
    return this.inMotion * SLICE;
  }

  get isTooSlow() {
    return this.#slow >= 2;
  }

  /** A moving picture took so long. Down at once, up slowly, so that it does not swing. */
  moved(took, wasReduced) {
    this.#slow = took > TOO_SLOW && this.inMotion === LEAST ? this.#slow + 1 : 0;
    if (took > TARGET * 1.25) this.#less(TARGET / took);
    else if (took < TARGET * 0.7 && wasReduced) this.inMotion = Math.min(MOST, this.inMotion * 1.25);
  }

  /** A slice of a still took so long. */
  sliced(took) {
    if (took > TARGET * SLICE * 1.25) this.#less((TARGET * SLICE) / took);
  }

  #less(part) {
    this.inMotion = Math.max(LEAST, Math.round(this.inMotion * Math.max(0.25, part)));
  }
}
