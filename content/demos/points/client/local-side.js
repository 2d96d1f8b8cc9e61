// Your side of the switch: a canvas, what draws on it, and the points on their way to it. It may break, as a whole, and be begun anew.

import { Stats } from '/client/remote-canvas-stats.js';
import { LAYERS } from './cloud.js';
import { Feed } from './feed.js';
import { LocalRenderer } from './local.js';
import { GraphicsError } from './webgl.js';

const FIRST_POINTS = 400_000; // fetched ahead, so that a switch has something to show

export class LocalSide {
  #about;
  #on;
  #renderer = null;
  #feed = null;
  #stats = new Stats();
  #moment = 0;
  #happened = null;
  /** Why it cannot draw; null where it can. */
  trouble = null;

  /**
   * @param {{ session: object, signal: AbortSignal, total: number }} about
   * @param {{ onLayer(): void, onTrouble(words: string): void, onFetchFailed(words: string): void }} on
   */
  constructor(about, on) {
    this.#about = about;
    this.#on = on;
  }

  get isReady() {
    return this.#renderer?.isReady ?? false;
  }

  get isLoading() {
    return this.#feed?.isLoading ?? false;
  }

  /** How many points are here. */
  get points() {
    return this.#renderer ? (this.#renderer.layers / LAYERS) * this.#renderer.count : 0;
  }

  get name() {
    return this.#renderer?.name ?? '';
  }

  /** Pictures so far. */
  get frames() {
    return this.#moment;
  }

  get stats() {
    return this.#stats.summary();
  }

  /** Begins, or begins again: on a canvas of its own, since what happened to a context stays with its canvas. */
  open() {
    this.close();
    this.trouble = null;
    const old = document.querySelector('#local');
    const canvas = Object.assign(old.cloneNode(), { width: 1, height: 1 });
    old.replaceWith(canvas);
    try {
      const renderer = new LocalRenderer(canvas, () => this.#fail(renderer, 'Your graphics card let go of the picture.'));
      this.#renderer = renderer;
      this.#feed = new Feed({ ...this.#about, renderer }, {
        onBytes: (bytes) => this.#stats.received({ bytes }),
        onLayer: () => this.#on.onLayer(),
        onFailed: (error) => (error instanceof GraphicsError ? this.#fail(renderer, error.message) : this.#on.onFetchFailed(error.message)),
      });
      this.want(FIRST_POINTS);
    } catch (error) {
      this.trouble = error.message;
    }
  }

  close() {
    this.#renderer?.dispose();
    this.#renderer = this.#feed = null;
  }

  want(points) {
    this.#feed?.want(points, this.#about.total);
  }

  /** Something was done that the next picture answers. */
  input() {
    this.#happened ??= performance.now();
  }

  /** @returns {boolean} Whether there is a picture. */
  draw(camera, points, width, height) {
    const renderer = this.#renderer;
    const begun = performance.now();
    let drawn = 0;
    try {
      drawn = renderer.render(camera, points, width, height);
      renderer.finish();
    } catch (error) {
      if (!(error instanceof GraphicsError)) throw error;
      this.#fail(renderer, error.message);
      return false;
    }
    if (renderer.lost) return false;
    const [input, now] = [++this.#moment, performance.now()];
    if (this.#happened !== null) this.#stats.input(input, this.#happened);
    this.#happened = null;
    this.#stats.drawn({ input, rendering: now - begun, drawn, width, height }, 0);
    this.#stats.presented({ input }, now);
    return true;
  }

  #fail(renderer, words) {
    if (renderer !== this.#renderer) return;
    this.close();
    this.trouble = words;
    this.#on.onTrouble(words);
  }
}
