import { RecordBatchReader } from 'apache-arrow';
import { describe } from './types.js';
import { text } from './texts.js';

/** What an engine answers, read from Arrow as it comes: the backend's and the tab's engine write the same. */
export class Answer {
  /** Columns: `kind` is how one is shown and drawn. @type {{name: string, kind: string}[] | null} */
  fields = null;
  rows = 0;
  #batches = [];
  #last = null;

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
      this.#batches.push({ from: this.rows, length: batch.numRows, columns: batch.data.children });
      this.rows += batch.numRows;
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
