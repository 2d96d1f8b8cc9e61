import { ArrowStream } from './arrow/stream.js';
import { QueryFailure } from './failure.js';

/** DuckDB on the backend: queries go over a WebSocket, answers come as pieces of an Arrow stream. */
export class BackendEngine {
  #socket;
  #asked = null;
  #number = 0;

  /** Bytes that came, in all. */
  received = 0;

  /** @param {import('/client/socket.js').SessionSocket} socket @param {object} hello what it said first */
  constructor(socket, hello) {
    this.#socket = socket;
    this.hello = hello;
    socket.addEventListener('message', ({ data }) => this.#hear(data));
    const gone = () => this.#fail(new QueryFailure('lost', 'The connection was lost while the query ran. Run it again.'));
    socket.addEventListener('lost', gone);
    socket.addEventListener('gone', gone);
  }

  /**
   * @param {object} query
   * @param {string} query.sql
   * @param {number} query.parts over how many millions of trips
   * @param {AbortSignal} query.signal cancels
   * @param {(progress: {percentage: number, memory: number}) => void} query.onProgress
   * @param {(stream: ArrowStream) => void} query.onRows the first have come
   * @returns {Promise<{stream: ArrowStream, cut: string | null, bytes: number, memory: number}>}
   * @throws {QueryFailure}
   */
  query({ sql, parts, signal, onProgress, onRows }) {
    return new Promise((resolve, reject) => {
      const id = (this.#number = (this.#number + 1) >>> 0);
      const asked = { id, stream: new ArrowStream(), before: this.received, onProgress, onRows, resolve, reject };
      if (!this.#socket.send(JSON.stringify({ type: 'query', id, sql, parts }))) {
        reject(new QueryFailure('lost', 'There is no connection to the backend just now. Run it again when it is back.'));
        return;
      }
      this.#asked = asked;
      signal.addEventListener('abort', () => this.#asked === asked && this.#socket.send(JSON.stringify({ type: 'cancel', id })), { once: true });
    });
  }

  #hear(data) {
    this.received += data.byteLength ?? data.length;
    const asked = this.#asked;
    if (typeof data !== 'string') {
      if (!asked || new DataView(data).getUint32(0, true) !== asked.id) return;
      try {
        const before = asked.stream.rows;
        asked.stream.push(new Uint8Array(data, 4));
        if (before === 0 && asked.stream.fields) asked.onRows(asked.stream);
      } catch (error) {
        this.#fail(new QueryFailure('query', error.message));
      }
      return;
    }

    const message = JSON.parse(data);
    if (!asked || message.id !== asked.id) return;
    if (message.type === 'progress') return asked.onProgress(message);
    this.#asked = null;
    if (message.type === 'failed') asked.reject(new QueryFailure(message.failure, message.message));
    else asked.resolve({ stream: asked.stream, cut: message.cut, bytes: this.received - asked.before, memory: message.memory });
  }

  #fail(failure) {
    const asked = this.#asked;
    this.#asked = null;
    asked?.reject(failure);
  }
}
