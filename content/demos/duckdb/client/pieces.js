/** What comes in pieces, for whoever takes them one after the other. */
export class Pieces {
  #waiting = [];
  #isOver = false;
  #wake = () => {};

  push(piece) {
    this.#waiting.push(piece);
    this.#wake();
  }

  /** There are no more. */
  close() {
    this.#isOver = true;
    this.#wake();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      while (this.#waiting.length > 0) yield this.#waiting.shift();
      if (this.#isOver) return;
      await new Promise((wake) => (this.#wake = wake));
    }
  }
}
