// When the page works: a picture of the browser's for each change, figures while something happens, and at rest, or where nobody looks, nothing.

const FIGURES_EVERY = 500;
/** Rates look back two seconds: that long after the last picture they still change. */
const FIGURES_AFTER = 2700;

export class Liveliness {
  #turn;
  #tell;
  #request = 0;
  #timer = 0;
  #until = 0;

  /**
   * @param {{ turn(now: number): boolean, tell(): void }} does `turn` is called once for each `wake`, before the next picture, and again where it says so.
   */
  constructor({ turn, tell }) {
    this.#turn = turn;
    this.#tell = tell;
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) return this.rest();
      this.wake();
      this.happened();
    });
  }

  /** There is something to draw. */
  wake() {
    if (document.hidden) return;
    this.#request ||= requestAnimationFrame((now) => {
      this.#request = 0;
      if (!document.hidden && this.#turn(now)) this.wake();
    });
  }

  /** A picture was shown, or points came: the figures change. */
  happened() {
    this.#until = performance.now() + FIGURES_AFTER;
    this.#arm();
  }

  rest() {
    cancelAnimationFrame(this.#request);
    clearTimeout(this.#timer);
    this.#request = this.#timer = 0;
  }

  #arm() {
    if (document.hidden || this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#tell();
      if (performance.now() < this.#until) this.#arm();
    }, FIGURES_EVERY);
  }
}
