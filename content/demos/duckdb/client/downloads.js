import { QueryFailure } from './failure.js';

/** More at once only makes each slower. */
const AT_ONCE = 3;

/** The files of trips, fetched from the backend once and kept, as blobs: the browser puts those where it has room, which need not be memory. */
export class Downloads {
  #session;
  #hello;
  #kept = new Map();

  constructor(session, hello) {
    this.#session = session;
    this.#hello = hello;
  }

  /**
   * What is needed for so many millions of trips.
   * @param {number} parts
   * @param {AbortSignal} signal
   * @param {(bytes: number) => void} onBytes as they come
   * @returns {Promise<Map<string, Blob>>} by name
   */
  async get(parts, signal, onBytes) {
    const names = ['city.db', ...Array.from({ length: parts }, (_, part) => `${String(part).padStart(2, '0')}.db`)];
    const missing = names.filter((name) => !this.#kept.has(name));
    await Promise.all(Array.from({ length: AT_ONCE }, async () => {
      for (let name = missing.shift(); name; name = missing.shift()) this.#kept.set(name, await this.#fetch(name, signal, onBytes));
    }));
    return new Map(names.map((name) => [name, this.#kept.get(name)]));
  }

  /** Bytes that are still to come. */
  missing(parts) {
    const city = this.#kept.has('city.db') ? 0 : this.#hello.cityBytes;
    return this.#hello.partBytes.slice(0, parts).reduce((sum, bytes, part) => sum + (this.#kept.has(`${String(part).padStart(2, '0')}.db`) ? 0 : bytes), city);
  }

  async #fetch(name, signal, onBytes) {
    const whole = name === 'city.db' ? this.#hello.cityBytes : this.#hello.partBytes[Number.parseInt(name, 10)];
    const response = await this.#session.fetch(`/trips/${name}`, { signal });
    if (!response.ok) throw new QueryFailure('load', `The trips could not be loaded: ${await response.text()}`);
    let bytes = 0;
    const counted = new TransformStream({
      transform(piece, controller) {
        bytes += piece.byteLength;
        if (bytes > whole) throw new QueryFailure('load', `More came of ${name} than there is. Run it again.`);
        onBytes(piece.byteLength);
        controller.enqueue(piece);
      },
    });
    const blob = await new Response(response.body.pipeThrough(counted)).blob();
    if (blob.size !== whole) throw new QueryFailure('load', `Only ${blob.size} of ${whole} bytes of ${name} came. Run it again.`);
    return blob;
  }
}
