// What a backend must know of the page before it draws: how large the picture is, what may be sent, and whether anybody looks.

import * as wire from './remote-canvas-wire.js';

const MAX_SIDE = 16384;

export class Presence {
  #element;
  #line;
  #player;
  #isInView = true;
  #wasLooking = null;
  #hasBegun = false;

  /**
   * @param {import('./remote-canvas.js').RemoteCanvas} element What is looked at.
   * @param {import('./remote-canvas-line.js').Line} line Where it is said.
   * @param {import('./remote-canvas-player.js').Player} player What may be sent.
   */
  constructor(element, line, player) {
    [this.#element, this.#line, this.#player] = [element, line, player];
  }

  /** Follows the element for as long as it stands in a document. */
  watch(signal) {
    const sizes = new ResizeObserver(() => this.hello());
    // Who scrolls fast is told of several at once: the last one holds.
    const sights = new IntersectionObserver((entries) => this.#see(entries.at(-1).isIntersecting));
    for (const observer of [sizes, sights]) observer.observe(this.#element);
    document.addEventListener('visibilitychange', () => this.look(), { signal });
    signal.addEventListener('abort', () => {
      for (const observer of [sizes, sights]) observer.disconnect();
      this.#see(false);
    });
  }

  /** On a connection that knows nothing yet. False: there is another one already. */
  async begin() {
    const { socket } = this.#line;
    this.#hasBegun = false;
    await this.#player.learn();
    if (socket !== this.#line.socket) return false;
    [this.#hasBegun, this.#wasLooking] = [true, null];
    // In this order: to who is paused not even the first picture is sent.
    this.look();
    this.hello();
    return true;
  }

  /** How large, and what: again whenever one of them changes. */
  hello() {
    if (!this.#hasBegun) return;
    const element = this.#element;
    const ratio = Math.min(devicePixelRatio, Number(element.getAttribute('max-ratio')) || 2);
    const [width, height] = [element.clientWidth, element.clientHeight].map((side) => Math.min(MAX_SIDE, Math.round(side * ratio)));
    if (width < 1 || height < 1) return;
    const codecs = wire.codecsOf(element.getAttribute('codecs') ?? '', this.#player.takesVideo);
    this.#line.send(wire.hello({ codecs, quality: element.quality, width, height }));
  }

  look() {
    const looking = !this.#element.paused && this.#isInView && document.visibilityState === 'visible';
    if (looking === this.#wasLooking) return;
    if (this.#line.send(wire.looking(looking))) this.#wasLooking = looking;
  }

  #see(isInView) {
    this.#isInView = isInView;
    this.look();
  }
}
