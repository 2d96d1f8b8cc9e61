import { RecordBatchReader, Type } from 'apache-arrow';
import { describe } from './types.js';
import { text } from './texts.js';

/** DuckDB for WebAssembly streams the numbers of an enumeration and not its words. Better none than wrong ones. */
function haveWords({ type, dictionary, children }) {
  if (type.typeId === Type.Dictionary && dictionary.length === 0) throw new Error('The engine in this tab cannot send the words of an ENUM: cast the column to VARCHAR, or ask your backend.');
  children.forEach(haveWords);
}

/** What an engine answers, read from Arrow as it comes: the backend's and the tab's engine write the same. */
export class Answer {
  /** Columns: `kind` is how one is shown and drawn. @type {{name: string, kind: string}[] | null} */
  fields = null;
  rows = 0;
  /** Whether there were more than are kept. */
  isCut = false;
  #limit;
  #batches = [];
  #last = null;

  /** @param {number} [limit] rows that are kept */
  constructor(limit = Infinity) {
    this.#limit = limit;
  }

  /**
   * @param {AsyncIterable<Uint8Array>} pieces of an Arrow stream, cut anywhere
   * @param {() => void} [onRows] there are more
   * @returns {Promise<void>} at its end
   * @throws {Error} It is no Arrow stream, or what its source threw.
   */
  async read(pieces, onRows = () => {}) {
    const reader = await RecordBatchReader.from(pieces);
    await reader.open();
    this.fields = (reader.schema?.fields ?? []).map(describe);
    for await (const batch of reader) {
      if (batch.numRows === 0) continue;
      batch.data.children.forEach(haveWords);
      const length = Math.min(batch.numRows, this.#limit - this.rows);
      this.isCut ||= length < batch.numRows;
      if (length === 0) continue;
      this.#batches.push({ from: this.rows, length, columns: batch.data.children });
      this.rows += length;
      onRows();
    }
  }

  /** To be compared and drawn: null, number, bigint, boolean or string; dates and times are milliseconds since 1970. */
  value(row, column) {
    const [data, index] = this.#at(row, column);
    return data.getValid(index) ? this.fields[column].value(data, index) : null;
  }

  /** Exactly. */
  text(row, column) {
    const [data, index] = this.#at(row, column);
    return text(this.fields[column].type, data, index);
  }

  #at(row, column) {
    if (!this.#last || row < this.#last.from || row >= this.#last.from + this.#last.length) {
      this.#last = this.#batches.find(({ from, length }) => row >= from && row < from + length);
    }
    return [this.#last.columns[column], row - this.#last.from];
  }
}
