import { QueryFailure } from './failure.js';
import { Pieces } from './pieces.js';

/** DuckDB on the backend: queries go over a WebSocket, answers come as pieces of an Arrow stream. */
export class BackendEngine {
  #socket;
  #Answer;
  #asked = null;
  #number = 0;

  /** Bytes that came, in all. */
  received = 0;

  /** @param {import('/client/socket.js').SessionSocket} socket @param {object} hello what it said first @param {typeof import('./bundles/answer.js').Answer} Answer */
  constructor(socket, hello, Answer) {
    this.#socket = socket;
    this.#Answer = Answer;
    this.hello = hello;
    socket.addEventListener('message', ({ data }) => this.#hear(data));
    const gone = () => this.#lose();
    socket.addEventListener('lost', gone);
    socket.addEventListener('gone', gone);
  }

  /**
   * @param {object} query
   * @param {string} query.sql
   * @param {number} query.parts over how many millions of trips
   * @param {AbortSignal} query.signal cancels
   * @param {(progress: {percentage: number, memory: number} | {ahead: number}) => void} query.onProgress `ahead`: it waits for so many queries of other tabs
   * @param {(answer: Answer) => void} query.onRows the first have come
   * @returns {Promise<{answer: Answer, cut: string | null, bytes: number, memory: number}>}
   * @throws {QueryFailure}
   */
  async query({ sql, parts, signal, onProgress, onRows }) {
    const id = (this.#number = (this.#number + 1) >>> 0);
    if (!this.#socket.send(JSON.stringify({ type: 'query', id, sql, parts }))) {
      throw new QueryFailure('lost', 'There is no connection to the backend just now. Run it again when it is back.');
    }

    const before = this.received;
    const answer = new this.#Answer();
    const cancel = () => this.#asked === asked && this.#socket.send(JSON.stringify({ type: 'cancel', id }));
    const asked = (this.#asked = { id, onProgress, pieces: new Pieces() });
    const ended = new Promise((resolve, reject) => {
      asked.end = (message) => (message.type === 'failed' ? reject(new QueryFailure(message.failure, message.message)) : resolve(message));
      asked.fail = reject;
    });
    signal.addEventListener('abort', cancel, { once: true });
    let told = false;
    try {
      const [{ cut, memory }] = await Promise.all([ended, answer.read(asked.pieces, () => {
        if (!told) onRows(answer);
        told = true;
      })]);
      return { answer, cut, bytes: this.received - before, memory };
    } catch (error) {
      cancel(); // where it was the reading that failed
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      if (this.#asked === asked) this.#asked = null;
    }
  }

  #hear(data) {
    this.received += data.byteLength ?? data.length;
    const asked = this.#asked;
    if (typeof data !== 'string') {
      if (asked && !asked.ended && new DataView(data).getUint32(0, true) === asked.id) asked.pieces.push(new Uint8Array(data, 4));
      return;
    }

    const message = JSON.parse(data);
    if (!asked || asked.ended || message.id !== asked.id) return;
    if (message.type === 'progress' || message.type === 'waiting') return asked.onProgress(message);
    asked.ended = true;
    asked.end(message);
    asked.pieces.close();
  }

  /** What has come of an answer is of no use, and whoever reads it waits for no more. */
  #lose() {
    const asked = this.#asked;
    if (!asked || asked.ended) return;
    asked.ended = true;
    asked.fail(new QueryFailure('lost', 'The connection was lost while the query ran. Run it again.'));
    asked.pieces.close();
  }
}
