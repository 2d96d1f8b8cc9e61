import { column } from './columns.js';
import { Table } from './flatbuffer.js';
import { readField } from './types.js';

const SCHEMA = 1;
const DICTIONARY = 2;
const BATCH = 3;

/**
 * Reads an Arrow IPC stream as its bytes come, whoever wrote it: the backend's and the tab's engine write the same. About all of the
 * format that DuckDB uses is here, without compression, views and unions; a library does the rest, and weighs more than this whole page.
 */
export class ArrowStream {
  /** Columns; null until they are known. @type {object[] | null} */
  fields = null;
  rows = 0;
  #rest = new Uint8Array(0);
  #batches = [];
  #dictionaries = new Map();

  /**
   * @param {Uint8Array} bytes as they came: messages may begin and end anywhere in them.
   * @throws {Error} It is no Arrow stream, or has a type this does not read.
   */
  push(bytes) {
    const data = joined(this.#rest, bytes);
    let at = 0;
    while (data.byteLength - at >= 8) {
      const view = new DataView(data.buffer, data.byteOffset + at, data.byteLength - at);
      if (view.getUint32(0, true) !== 0xffffffff) throw new Error('The answer is no Arrow stream.');
      const metadata = view.getInt32(4, true);
      if (metadata === 0) {
        at += 8; // its end; what follows is nobody's
        continue;
      }
      if (view.byteLength < 8 + metadata) break;
      const message = Table.root(new DataView(view.buffer, view.byteOffset + 8, metadata));
      const length = message.long(3);
      if (view.byteLength < 8 + metadata + length) break;
      this.#read(message, new DataView(view.buffer, view.byteOffset + 8 + metadata, length));
      at += 8 + metadata + length;
    }
    // Kept apart from what was read: batches look into their own bytes as long as they are shown.
    this.#rest = data.subarray(at);
  }

  /** The value in a row of a column: null, number, bigint, boolean or string. */
  value(row, column) {
    let batch = this.#batches[this.#last];
    if (!batch || row < batch.from || row >= batch.from + batch.length) {
      this.#last = this.#batches.findIndex(({ from, length }) => row >= from && row < from + length);
      batch = this.#batches[this.#last];
    }
    return batch ? batch.columns[column](row - batch.from) : null;
  }

  #last = 0;

  #read(message, body) {
    const header = message.table(2);
    switch (message.byte(1)) {
      case SCHEMA:
        this.fields = header.tables(1).map(readField);
        break;
      case DICTIONARY: {
        const field = this.#dictionaryField(header.long(0), this.fields);
        if (field) this.#dictionaries.set(field.dictionary, column(field, new Batch(header.table(1), body), this.#dictionaries, true));
        break;
      }
      case BATCH: {
        const batch = new Batch(header, body);
        const { length } = batch;
        const dictionaries = new Map(this.#dictionaries);
        this.#batches.push({ from: this.rows, length, columns: this.fields.map((field) => column(field, batch, dictionaries)) });
        this.rows += length;
        break;
      }
    }
  }

  #dictionaryField(id, fields) {
    for (const field of fields) {
      const found = field.dictionary === id ? field : this.#dictionaryField(id, field.children);
      if (found) return found;
    }
    return null;
  }
}

/** The buffers of one batch, handed out in order. */
class Batch {
  constructor(table, body) {
    if (table.table(3)) throw new Error('This page cannot read compressed Arrow.');
    this.length = table.long(0);
    this.nodes = table.pairs(1);
    this.buffers = table.pairs(2);
    this.body = body;
  }

  take() {
    const [offset, length] = this.buffers.shift();
    return new DataView(this.body.buffer, this.body.byteOffset + offset, length);
  }
}

function joined(first, second) {
  if (first.byteLength === 0) return second;
  const both = new Uint8Array(first.byteLength + second.byteLength);
  both.set(first);
  both.set(second, first.byteLength);
  return both;
}
