// What <remote-canvas> tells its backend of what happens here, and when.

import * as wire from './remote-canvas-wire.js';

/** Numbers what is said of input, and holds back state of which there will be a newer one before it could be sent. */
export class Teller {
  #line;
  #onTold;
  #sequence = 0;
  #state = null;
  #waits = false;
  #happened = null;
  #sentThisTurn = false;
  #move = null;
  isPaused = false;

  /**
   * @param {import('./remote-canvas-line.js').Line} line Where it is said.
   * @param {(sequence: number, happened: number) => void} onTold Input went out; when it happened.
   */
  constructor(line, onTold) {
    [this.#line, this.#onTold] = [line, onTold];
  }

  get state() {
    return this.#state;
  }

  set state(bytes) {
    this.#state = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
    this.#waits = true;
    this.#happened ??= performance.now();
    if (!this.#sentThisTurn) this.flush();
  }

  /** The backend is another: it has heard nothing. */
  begin() {
    this.#sequence = 0;
    this.#waits = this.#state !== null;
    this.flush();
  }

  /** Whether the newest that was told is the one with this number, and nothing waits. */
  isNewest(sequence) {
    return sequence === this.#sequence && (!this.#waits || this.isPaused);
  }

  /** The browser makes a picture: time for one more state. */
  turn() {
    this.#sentThisTurn = false;
    this.flush();
  }

  /** At most one state for each picture the browser makes; the first one of a turn at once. */
  flush() {
    if (this.isPaused || !this.#waits || !this.#state || this.#line.isBusy) return;
    if (!this.#tell((sequence) => wire.state(sequence, this.#state), this.#happened ?? performance.now())) return;
    [this.#waits, this.#happened, this.#sentThisTurn] = [false, null, true];
  }

  /** A move waits for the next picture the browser makes, and gives way to a newer one; everything else goes at once, after the move before it. */
  input(kind, details, isUrgent) {
    if (!isUrgent) {
      if (!this.#move) requestAnimationFrame(() => this.#flushMove());
      this.#move = details;
      return;
    }
    this.#flushMove();
    this.#tell((sequence) => (kind === 'key' ? wire.key(sequence, details.isDown, details.code, details.keys) : wire.pointer(sequence, details.action, details)));
  }

  #flushMove() {
    const move = this.#move;
    this.#move = null;
    if (move) this.#tell((sequence) => wire.pointer(sequence, 'move', move));
  }

  #tell(make, happened = performance.now()) {
    // What could not be sent is waited for by nobody.
    const sequence = this.#sequence + 1;
    if (this.isPaused || !this.#line.send(make(sequence))) return false;
    this.#sequence = sequence;
    this.#onTold(sequence, happened);
    return true;
  }
}
