// Fetches layers of points, one after the other, as many as are wanted.

import { LAYERS } from './cloud.js';

/** On the way at once: where a frame takes long, more than one comes between two of them. */
const AHEAD = 8;

export class Feed {
  #session;
  #renderer;
  #signal;
  #on;
  #wanted = 0;
  #running = null; // an AbortController

  /**
   * @param {{ session: object, renderer: import('./local.js').LocalRenderer, signal: AbortSignal }} about
   * @param {{ onBytes(count: number): void, onLayer(): void, onFailed(error: Error): void }} on
   */
  constructor({ session, renderer, signal }, on) {
    this.#session = session;
    this.#renderer = renderer;
    this.#signal = signal;
    this.#on = on;
  }

  get isLoading() {
    return this.#running !== null;
  }

  /** How many points are to be here, of all. Fewer than before: what is here stays. */
  want(points, count) {
    this.#wanted = Math.min(LAYERS, Math.max(1, Math.ceil((points / count) * LAYERS)));
    if (this.#running || this.#wanted <= this.#renderer.layers) return;
    const mine = (this.#running = new AbortController());
    this.#run(AbortSignal.any([this.#signal, mine.signal])).finally(() => {
      if (this.#running === mine) this.#running = null;
    });
  }

  /** What is on the way is not waited for. What is here stays, and `want` goes on from there. */
  stop() {
    this.#running?.abort();
    this.#running = null;
  }

  async #run(signal) {
    try {
      if (!this.#renderer.count) {
        const plan = await this.#get('/cloud', signal);
        if (!this.#renderer.count) this.#renderer.plan(plan);
      }
      const coming = [];
      for (let next = this.#renderer.layers; this.#renderer.layers < this.#wanted;) {
        await seen(signal);
        for (; coming.length < AHEAD && next < this.#wanted; next++) {
          const layer = this.#get(`/layer/${next}`, signal);
          layer.catch(() => {}); // told when it is its turn
          coming.push(layer);
        }
        const layer = await coming.shift();
        if (this.#renderer.lost || signal.aborted) return;
        this.#renderer.add(layer);
        this.#on.onLayer();
      }
    } catch (error) {
      if (!signal.aborted && !this.#renderer.lost) this.#on.onFailed(error);
    }
  }

  async #get(path, signal) {
    const answer = await this.#session.fetch(path, { signal });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    const bytes = await answer.arrayBuffer();
    this.#on.onBytes(bytes.byteLength);
    return bytes;
  }
}

/** Until somebody looks at the page: nothing is fetched for nobody. Or until it is over. */
async function seen(signal) {
  while (document.hidden && !signal.aborted) {
    await new Promise((resolve) => {
      const over = new AbortController();
      const done = () => (over.abort(), resolve());
      document.addEventListener('visibilitychange', done, { signal: over.signal });
      signal.addEventListener('abort', done, { signal: over.signal });
    });
  }
}
