// How the local renderer does.

const SPAN = 2000;

export class LocalStats {
  frames = 0;
  #times = [];
  #latencies = [];
  #happened = null;
  #last = { rendering: 0, drawn: 0, width: 0, height: 0 };

  input() {
    this.#happened ??= performance.now();
  }

  drawn(rendering, drawn, width, height) {
    const now = performance.now();
    this.frames++;
    this.#times.push(now);
    if (this.#happened !== null) this.#latencies.push([now, now - this.#happened]);
    this.#happened = null;
    this.#last = { rendering, drawn, width, height };
  }

  summary() {
    const now = performance.now();
    this.#times = this.#times.filter((time) => time > now - SPAN);
    this.#latencies = this.#latencies.filter(([time]) => time > now - SPAN);
    const sorted = this.#latencies.map(([, value]) => value).sort((a, b) => a - b);
    const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? null;
    const span = Math.max(200, now - (this.#times[0] ?? now));
    return { ...this.#last, framesPerSecond: this.#times.length > 1 ? ((this.#times.length - 1) * 1000) / span : 0, latency: { p50: at(0.5), p95: at(0.95) } };
  }
}
