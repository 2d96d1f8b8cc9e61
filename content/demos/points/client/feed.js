// Fetches layers of points, one after the other, as many as are wanted.

import { LAYERS } from './cloud.js';

/** On the way at once: where a frame takes long, more than one comes between two of them. */
const AHEAD = 8;

export class Feed {
  #session;
  #renderer;
  #signal;
  #wanted = 0;
  #running = null;
  #rates = [];
  failed = null;

  /** @param {{ session: object, renderer: import('./local.js').LocalRenderer, signal: AbortSignal, onLayer(): void }} about */
  constructor({ session, renderer, signal, onLayer }) {
    this.#session = session;
    this.#renderer = renderer;
    this.#signal = signal;
    this.onLayer = onLayer;
  }

  get isLoading() {
    return this.#running !== null;
  }

  get bitsPerSecond() {
    const now = performance.now();
    this.#rates = this.#rates.filter(([time]) => time > now - 2000);
    return this.#rates.reduce((sum, [, bytes]) => sum + bytes, 0) * 4;
  }

  /** How many points are to be here, of all. Fewer than before: what is here stays. */
  want(points, count) {
    this.#wanted = Math.min(LAYERS, Math.max(1, Math.ceil((points / count) * LAYERS)));
    if (!this.#running && this.#wanted > this.#renderer.layers) this.#running = this.#run().finally(() => (this.#running = null));
  }

  async #run() {
    try {
      if (!this.#renderer.count) this.#renderer.plan(await this.#get('/cloud'));
      const coming = [];
      for (let next = this.#renderer.layers; this.#renderer.layers < this.#wanted && !this.#renderer.lost;) {
        for (; coming.length < AHEAD && next < this.#wanted; next++) {
          const layer = this.#get(`/layer/${next}`);
          layer.catch(() => {}); // told when it is its turn
          coming.push(layer);
        }
        this.#renderer.add(await coming.shift());
        this.onLayer();
      }
    } catch (error) {
      if (this.#signal.aborted) return;
      this.failed = error;
      this.onLayer();
    }
  }

  async #get(path) {
    const answer = await this.#session.fetch(path, { signal: this.#signal });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    const bytes = await answer.arrayBuffer();
    this.#rates.push([performance.now(), bytes.byteLength]);
    return bytes;
  }
}
