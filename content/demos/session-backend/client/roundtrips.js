import { put, digits } from './view.js';

const EVERY = 25;
const KEPT = 40;

/** Sends a small message forty times a second and measures how long each takes to come back. */
export class RoundTrips {
  #sent = new Map();
  #recent = [];
  #count = 0;
  #timer = 0;

  constructor(socket, terrain) {
    this.terrain = terrain;
    this.#timer = setInterval(() => {
      if (!socket.isOpen || document.hidden) return;
      const n = ++this.#count;
      this.#sent.set(n, performance.now());
      if (this.#sent.size > 100) this.#sent.clear();
      socket.send(`{"type":"ping","n":${n}}`);
    }, EVERY);
  }

  back(n) {
    const sent = this.#sent.get(n);
    if (sent === undefined) return;
    this.#sent.delete(n);
    const took = performance.now() - sent;
    this.terrain.add(took);
    this.#recent.push(took);
    if (this.#recent.length > KEPT) this.#recent.shift();
    if (this.#count % 20 !== 0) return;
    const sorted = [...this.#recent].sort((a, b) => a - b);
    put('rtt', `${digits(sorted[Math.floor(sorted.length / 2)])} ms`);
    put('scale', `peak ${digits(sorted[sorted.length - 1])} ms`);
  }

  stop() {
    clearInterval(this.#timer);
  }
}
