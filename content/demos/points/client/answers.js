// From input to the picture that answers it, of one side, as far back as the figures look.

const SPAN = 2000;

export class Answers {
  #since = Infinity;
  #taken = [];

  /** What is done from now on counts. What was done before was done to the other side, and the wait for the switch is told by itself. */
  begin(now = performance.now()) {
    [this.#since, this.#taken] = [now, []];
  }

  /** @param {number | null} latency Milliseconds; null where a picture answers nothing. */
  add(latency, now = performance.now()) {
    if (latency !== null && now - latency >= this.#since) this.#taken.push([now, latency]);
  }

  /** @returns {{ p50: number | null, p95: number | null }} */
  summary(now = performance.now()) {
    while (this.#taken.length && this.#taken[0][0] < now - SPAN) this.#taken.shift();
    const sorted = this.#taken.map(([, latency]) => latency).sort((a, b) => a - b);
    const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? null;
    return { p50: at(0.5), p95: at(0.95) };
  }
}
