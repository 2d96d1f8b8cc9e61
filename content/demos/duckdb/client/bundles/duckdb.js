// What the page needs of DuckDB's own interface. Results are read by answer.js, as those of the backend are.
import { AsyncDuckDB, DuckDBDataProtocol, VoidLogger } from '@duckdb/duckdb-wasm';

export const BLOB = DuckDBDataProtocol.BROWSER_FILEREADER;

/** Without its words on the console about messages that are not its, and about errors that whoever made the worker hears too. */
export class Engine extends AsyncDuckDB {
  constructor(worker) {
    super(new VoidLogger(), worker);
  }

  onMessage(event) {
    if (!event.data?.tab) super.onMessage(event);
  }

  onError() {}
}
