// The connection of a <remote-canvas>, whoever made it.

import * as wire from './remote-canvas-wire.js';

const PING_EVERY = 1000;
/** Bytes the network has not taken yet: beyond them the newest state waits where it can still be replaced. */
const MAX_BUFFERED = 32 * 1024;

/** A SessionSocket or a WebSocket. */
export class Line {
  #socket = null;
  #isOwned = false;
  #ended = null;
  #ping = { at: 0, mark: 0 };
  #on;

  /**
   * @param {object} on What is called.
   * @param {() => void} on.open It is open, for the first time or again: the backend knows nothing yet.
   * @param {(detail: object) => void} on.lost It is lost, and tried again; of a SessionSocket.
   * @param {(detail: object) => void} on.gone Nothing is tried any more; of a SessionSocket.
   * @param {(frame: object) => void} on.frame One came.
   * @param {(milliseconds: number) => void} on.pong There and back.
   */
  constructor(on) {
    this.#on = on;
  }

  get socket() {
    return this.#socket;
  }

  get isOpen() {
    const socket = this.#socket;
    return !!socket && (socket.isOpen ?? socket.readyState === 1);
  }

  /** An owned socket is closed when it is left. */
  join(socket, isOwned) {
    this.leave();
    [this.#socket, this.#isOwned] = [socket, isOwned];
    if ('binaryType' in socket) socket.binaryType = 'arraybuffer';
    const { signal } = (this.#ended = new AbortController());
    socket.addEventListener('message', ({ data }) => data instanceof ArrayBuffer && this.#receive(data), { signal });
    socket.addEventListener('open', () => this.#on.open(), { signal });
    for (const name of ['lost', 'gone']) socket.addEventListener(name, ({ detail }) => this.#on[name](detail ?? {}), { signal });
    if (this.isOpen) this.#on.open();
  }

  leave() {
    const socket = this.#socket;
    this.#socket = null;
    this.#ended?.abort();
    if (this.#isOwned) socket?.close();
    this.#isOwned = false;
  }

  /** False: it is not open, and nothing is kept for later. */
  send(bytes) {
    return this.isOpen && this.#socket.send(bytes) !== false;
  }

  /** Asks how long it takes, once a second at most. */
  ping(now) {
    if (now - this.#ping.at < PING_EVERY) return;
    this.#ping = { at: now, mark: this.#ping.mark + 1 };
    this.send(wire.ping(this.#ping.mark));
  }

  get isBusy() {
    return (this.#socket?.bufferedAmount ?? 0) > MAX_BUFFERED;
  }

  #receive(buffer) {
    const mark = wire.pong(buffer);
    if (mark === null) {
      const frame = wire.readFrame(buffer);
      if (frame) this.#on.frame(frame);
    } else if (mark === this.#ping.mark) {
      this.#on.pong(performance.now() - this.#ping.at);
    }
  }
}
