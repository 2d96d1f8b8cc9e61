/**
 * A table of a flatbuffer, which is how Arrow writes what it says about its data: fields stand at offsets that a small table of
 * offsets gives; one that is left out has its default.
 */
export class Table {
  /** @param {DataView} view @param {number} at where the table begins */
  constructor(view, at) {
    this.view = view;
    this.at = at;
    this.offsets = at - view.getInt32(at, true);
    this.fields = (view.getUint16(this.offsets, true) - 4) / 2;
  }

  /** The buffer's outermost table. */
  static root(view) {
    return new Table(view, view.getUint32(0, true));
  }

  #place(field) {
    if (field >= this.fields) return 0;
    const offset = this.view.getUint16(this.offsets + 4 + field * 2, true);
    return offset === 0 ? 0 : this.at + offset;
  }

  byte(field, absent = 0) {
    const at = this.#place(field);
    return at ? this.view.getUint8(at) : absent;
  }

  short(field, absent = 0) {
    const at = this.#place(field);
    return at ? this.view.getInt16(at, true) : absent;
  }

  int(field, absent = 0) {
    const at = this.#place(field);
    return at ? this.view.getInt32(at, true) : absent;
  }

  long(field, absent = 0) {
    const at = this.#place(field);
    return at ? Number(this.view.getBigInt64(at, true)) : absent;
  }

  table(field) {
    const at = this.#place(field);
    return at ? new Table(this.view, at + this.view.getUint32(at, true)) : null;
  }

  string(field) {
    const at = this.#place(field);
    if (!at) return null;
    const start = at + this.view.getUint32(at, true);
    const length = this.view.getUint32(start, true);
    return new TextDecoder().decode(new Uint8Array(this.view.buffer, this.view.byteOffset + start + 4, length));
  }

  /** Where a vector's first element is, and how many there are. */
  vector(field) {
    const at = this.#place(field);
    if (!at) return { start: 0, length: 0 };
    const start = at + this.view.getUint32(at, true);
    return { start: start + 4, length: this.view.getUint32(start, true) };
  }

  tables(field) {
    const { start, length } = this.vector(field);
    return Array.from({ length }, (_, i) => new Table(this.view, start + i * 4 + this.view.getUint32(start + i * 4, true)));
  }

  /** A vector of pairs of 64-bit numbers, which are what Arrow's nodes and buffers are. */
  pairs(field) {
    const { start, length } = this.vector(field);
    return Array.from({ length }, (_, i) => [0, 8].map((at) => Number(this.view.getBigInt64(start + i * 16 + at, true))));
  }
}
