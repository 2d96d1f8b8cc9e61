// What <remote-canvas> tells of itself.

/** Samples looked back on, in milliseconds. */
const SPAN = 2000;

export class Stats {
  #shown = [];
  #latencies = [];
  #sent = new Map();
  #bytes = [];
  #total = 0;
  #frames = 0;
  #roundTrip = null;
  #last = null;
  #decoding = 0;

  /** Input went out. */
  input(sequence, happened) {
    this.#sent.set(sequence, happened);
    // Merged with a later one, most are never answered by themselves.
    if (this.#sent.size > 512) this.#sent.delete(this.#sent.keys().next().value);
  }

  /** Another backend numbers anew. */
  forget() {
    this.#sent.clear();
  }

  received(frame, now = performance.now()) {
    this.#total += frame.bytes;
    this.#bytes.push([now, frame.bytes]);
  }

  drawn(frame, decoding) {
    this.#last = frame;
    this.#decoding = this.#decoding * 0.8 + decoding * 0.2;
  }

  /** The browser made a picture of the page with this frame in it. */
  presented(frame, now) {
    this.#frames++;
    this.#shown.push(now);
    const happened = this.#sent.get(frame.input);
    if (happened === undefined) return null;
    // Told once: the still after it answers the same input, late on purpose.
    for (const sequence of this.#sent.keys()) if (sequence <= frame.input) this.#sent.delete(sequence);
    this.#latencies.push([now, now - happened]);
    return now - happened;
  }

  pinged(milliseconds) {
    this.#roundTrip = milliseconds;
  }

  summary(now = performance.now()) {
    for (const list of [this.#latencies, this.#bytes]) while (list.length && list[0][0] < now - SPAN) list.shift();
    while (this.#shown.length && this.#shown[0] < now - SPAN) this.#shown.shift();
    const span = Math.max(200, now - (this.#shown[0] ?? now));
    const latencies = this.#latencies.map(([, value]) => value).sort((a, b) => a - b);
    const at = (part) => latencies[Math.min(latencies.length - 1, Math.floor(part * latencies.length))] ?? null;
    const last = this.#last;
    return {
      framesPerSecond: this.#shown.length > 1 ? ((this.#shown.length - 1) * 1000) / span : 0,
      latency: { p50: at(0.5), p95: at(0.95) },
      bitsPerSecond: this.#bytes.reduce((sum, [, bytes]) => sum + bytes, 0) * 8 * (1000 / SPAN),
      bytes: this.#total,
      frames: this.#frames,
      roundTrip: this.#roundTrip,
      decoding: this.#decoding,
      rendering: last?.rendering ?? 0,
      encoding: last?.encoding ?? 0,
      drawn: last?.drawn ?? 0,
      codec: last?.codecName ?? '',
      isComplete: last?.isComplete ?? false,
      width: last?.width ?? 0,
      height: last?.height ?? 0,
      askedWidth: last?.askedWidth ?? 0,
      askedHeight: last?.askedHeight ?? 0,
    };
  }
}
