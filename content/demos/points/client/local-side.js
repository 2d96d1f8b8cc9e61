// Your side of the switch: a canvas, what draws on it, and the points on their way to it. It may break, as a whole, and be begun anew.

import { Stats } from '/client/remote-canvas-stats.js';
import { LAYERS } from './cloud.js';
import { Feed } from './feed.js';
import { LocalRenderer } from './local.js';
import { Pace } from './pace.js';
import { GraphicsError } from './webgl.js';

const FIRST_POINTS = 400_000; // fetched ahead, so that a switch has something to show
/** So long after the last input nothing moves, and all points are drawn. */
const STILL_AFTER = 150;

export class LocalSide {
  #about;
  #on;
  #renderer = null;
  #feed = null;
  #stats = new Stats();
  #moment = 0;
  #happened = null;
  #moved = -Infinity;
  #pace = new Pace();
  #timer = 0;
  /** The one picture that is being drawn. */
  #job = null;
  #shownLayers = 0;
  /** Whether the last picture had fewer points than are wanted, since it moved. */
  isReduced = false;
  /** Why it cannot draw; null where it can. */
  trouble = null;

  /**
   * @param {{ session: object, signal: AbortSignal, total: number }} about
   * @param {{ onLayer(): void, onDrawn(): void, onFree(): void, onStill(): void, onSlow(): void, onTrouble(words: string): void, onFetchFailed(words: string): void }} on
   */
  constructor(about, on) {
    this.#about = about;
    this.#on = on;
  }

  get isReady() {
    return this.#renderer?.isReady ?? false;
  }

  get isLoading() {
    return (this.#feed?.isLoading ?? false) || this.#shownLayers < (this.#renderer?.layers ?? 0);
  }

  /** One picture at a time: none is begun before the card is done with the last one. */
  get isBusy() {
    return this.#job !== null;
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
    this.stop();
    this.#renderer?.dispose();
    this.#renderer = this.#feed = null;
    this.#shownLayers = 0;
  }

  /** The other side draws: nothing more is fetched, and nothing more is asked of the card. */
  stop() {
    this.#feed?.stop();
    clearTimeout(this.#timer);
    if (this.#job) this.#job.isStopped = true;
    this.#happened = null;
  }

  want(points) {
    this.#feed?.want(points, this.#about.total);
  }

  /** Something was done that the next picture answers. A still that it makes old is not drawn to its end. */
  input() {
    this.#moved = performance.now();
    this.#happened ??= this.#moved;
    if (this.#job?.isStill) this.#job.isOld = true;
  }

  /**
   * Begins a picture; `onDrawn` says when it is there, `onFree` when the next one can begin.
   * @param {boolean} isMoving It will look different soon, whatever is done.
   */
  async draw(camera, points, width, height, isMoving) {
    const renderer = this.#renderer;
    const isStill = !isMoving && performance.now() - this.#moved > STILL_AFTER;
    const job = (this.#job = { isStill, isOld: false, isStopped: false, happened: this.#happened });
    this.#happened = null;
    clearTimeout(this.#timer);
    try {
      await this.#paint(renderer, job, camera, points, width, height);
    } catch (error) {
      if (!(error instanceof GraphicsError)) throw error;
      this.#fail(renderer, error.message);
    } finally {
      this.#job = null;
      this.#on.onFree();
    }
  }

  async #paint(renderer, job, camera, points, width, height) {
    const begun = performance.now();
    const { layers } = renderer;
    const isReduced = renderer.begin(camera, points, job.isStill ? Infinity : this.#pace.inMotion, width, height);
    let all = 0;
    for (let isDone = false; !isDone;) {
      const from = performance.now();
      const step = renderer.step(job.isStill ? this.#pace.slice : Infinity);
      await renderer.finished();
      [isDone, all] = [step.isDone, all + step.drawn];
      if (job.isStill) this.#pace.sliced(performance.now() - from);
      if (renderer.lost || renderer !== this.#renderer || job.isStopped) return;
      if (job.isOld && !isDone) {
        this.#happened = job.happened ?? this.#happened; // still waited for
        return;
      }
    }
    const [input, now] = [++this.#moment, performance.now()];
    if (job.happened !== null) this.#stats.input(input, job.happened);
    this.#stats.drawn({ input, rendering: now - begun, drawn: all, width, height }, 0);
    this.#stats.presented({ input }, now);
    [this.isReduced, this.#shownLayers] = [isReduced, layers];
    if (!job.isStill) this.#pace.moved(now - begun, isReduced);
    if (isReduced) this.#timer = setTimeout(() => this.#on.onStill(), Math.max(0, this.#moved + STILL_AFTER + 1 - now));
    this.#on.onDrawn();
    if (this.#pace.isTooSlow) this.#on.onSlow();
  }

  #fail(renderer, words) {
    if (renderer !== this.#renderer) return;
    this.close();
    this.trouble = words;
    this.#on.onTrouble(words);
  }
}
