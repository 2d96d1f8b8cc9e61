import { Downloads } from './downloads.js';
import { QueryFailure, failureOf } from './failure.js';

/** A query that was cancelled and does not stop within this is stopped with its worker. */
const STOP_PATIENCE = 1500;
/** Bytes of an answer that are enough, as on the backend. */
const BYTES = 8 * 1024 * 1024;
const WASM = '/built/duckdb-eh.wasm';
/** The engine would go to 3.1 GiB; a page that does is ended by a phone, without a word to it. */
const MEMORY = '1000MB';

/**
 * DuckDB in a worker of this tab, over the same files as the backend's. Everything is loaded when the first query needs it. A worker that ran
 * out of memory is thrown away, because WebAssembly never gives memory back; the files are kept, so the next one starts without the network.
 */
export class TabEngine {
  #downloads;
  #Answer;
  #limit;
  #duckdb = null;
  #db = null;
  #worker = null;
  #broken = null;
  #connection = 0;
  #attached = new Set();

  /** Bytes that came, in all: the engine and the trips. */
  received = 0;
  version = '';

  constructor(session, hello, Answer) {
    this.#downloads = new Downloads(session, hello);
    this.#Answer = Answer;
    this.#limit = hello.rows;
  }

  /** As the backend's, but for `onProgress`, which is told what is being loaded: `{ loaded, total }`, in bytes. @see BackendEngine.query */
  async query({ sql, parts, signal, onProgress, onRows }) {
    const before = this.received;
    const stop = () => setTimeout(() => this.#break(new QueryFailure('cancelled', 'It was cancelled.')), STOP_PATIENCE);
    let stopping = 0;
    const cancel = () => {
      stopping = stop();
      if (this.#db && this.#connection) this.#db.cancelPendingQuery(this.#connection).catch(() => {});
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      await this.#prepare(parts, signal, onProgress);
      onProgress({ percentage: -1, memory: await this.memory() });
      const { answer, cut } = await this.#ask(sql, signal, onRows);
      return { answer, cut, bytes: this.received - before, memory: await this.memory() };
    } catch (error) {
      const undone = await this.#rollBack();
      if (signal.aborted) throw new QueryFailure('cancelled', 'It was cancelled.');
      const failure = failureOf(error);
      failure.memory = await this.memory();
      if (failure.kind !== 'query') this.#break(failure);
      else if (undone) failure.message += ' The transaction it was part of is undone.';
      throw failure;
    } finally {
      clearTimeout(stopping);
      signal.removeEventListener('abort', cancel);
    }
  }

  /** Bytes the engine's memory has grown to; 0 while there is none. */
  memory() {
    if (!this.#worker) return 0;
    const { port1, port2 } = new MessageChannel();
    const said = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
    this.#worker.postMessage({ tab: 'memory' }, [port2]);
    return Promise.race([said, new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE, 0))]);
  }

  close() {
    this.#break(new QueryFailure('cancelled', 'It was stopped.'));
  }

  async #prepare(parts, signal, onProgress) {
    let [loaded, total] = [0, this.#downloads.missing(parts)];
    const tell = (bytes) => {
      loaded += bytes;
      this.received += bytes;
      onProgress({ loaded, total });
    };
    const files = this.#downloads.get(parts, signal, tell);
    files.catch(() => {}); // whichever fails first is told
    if (!this.#db) await this.#start(tell);
    for (const [name, blob] of await files) {
      if (this.#attached.has(name)) continue;
      signal.throwIfAborted();
      await this.#guarded(this.#db.registerFileHandle(name, blob, this.#duckdb.BLOB, true));
      await this.#run(`ATTACH '${name}' AS ${nameOf(name)} (READ_ONLY)`);
      this.#attached.add(name);
    }
    signal.throwIfAborted();
    const each = Array.from({ length: parts }, (_, part) => `FROM part${String(part).padStart(2, '0')}.trips`);
    const views = { stations: 'FROM city.stations', weather: 'FROM city.weather', trips: each.join(' UNION ALL ') };
    for (const [name, query] of Object.entries(views)) await this.#name(name, query);
  }

  /** What somebody made of that name goes: the trips are what is asked for. As on the backend. */
  async #name(name, query) {
    const view = `CREATE OR REPLACE TEMP VIEW ${name} AS ${query}`;
    await this.#run(view).catch(async (error) => {
      if (this.#connection === 0) throw error;
      await this.#rollBack();
      await this.#run(`DROP TABLE IF EXISTS temp.main.${name}`).catch(() => {});
      await this.#run(view);
    });
  }

  /** @returns {Promise<boolean>} whether a transaction was open */
  async #rollBack() {
    if (this.#connection === 0) return false;
    return Promise.race([this.#run('ROLLBACK').then(() => true, () => false), new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE, false))]);
  }

  async #start(tell) {
    this.#duckdb ??= await import('/built/duckdb.js').catch(() => {
      throw new QueryFailure('missing', 'The engine for the tab was not built: that takes Node 20 or newer. Install it and start ./run again.');
    });
    const worker = (this.#worker = new Worker('/tab-worker.js', { name: 'DuckDB' }));
    this.#broken = new Promise((_, reject) => (this.#break = (failure) => {
      worker.terminate();
      reject(failure);
      if (this.#worker !== worker) return;
      [this.#worker, this.#db, this.#connection] = [null, null, 0];
      this.#attached.clear();
    }));
    this.#broken.catch(() => {});
    let before = 0;
    const again = this.version !== ''; // out of the browser's cache
    worker.addEventListener('message', ({ data }) => {
      if (data.tab === 'failed') this.#break(new QueryFailure('load', data.message));
      if (data.tab !== 'loaded') return;
      if (!again) tell(data.bytes - before);
      before = data.bytes;
    });
    worker.addEventListener('error', (event) => this.#break(failureOf(event.message || 'The engine’s worker has failed.')));
    const db = (this.#db = new this.#duckdb.Engine(worker));
    await this.#guarded(db.instantiate(WASM));
    await this.#guarded(db.open({ path: ':memory:', query: { castBigIntToDouble: false } }));
    this.#connection = await this.#guarded(db.connectInternal());
    this.version = await this.#guarded(db.getVersion());
    // Nothing is asked of anybody else: an extension that is not here is an error, not a download.
    await this.#run(`SET memory_limit = '${MEMORY}'; SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET custom_extension_repository = '${location.origin}/no-extensions'`);
  }

  async #ask(sql, signal, onRows) {
    const answer = new this.#Answer(this.#limit);
    const asked = { sql, signal, answer, cut: null };
    let told = false;
    await answer.read(this.#pieces(asked), () => {
      if (!told) onRows(answer);
      told = true;
    });
    return { answer, cut: answer.isCut ? 'rows' : asked.cut };
  }

  /** The pieces of an answer as the engine computes them, no more than the backend would send. */
  async *#pieces(asked) {
    const { sql, signal, answer } = asked;
    const [db, connection] = [this.#db, this.#connection];
    let piece = await this.#guarded(db.startPendingQuery(connection, sql, true));
    while (piece === null) {
      signal.throwIfAborted();
      piece = await this.#guarded(db.pollPendingQuery(connection));
    }
    yield piece;
    for (let bytes = 0; ; ) {
      signal.throwIfAborted();
      if (answer.isCut) return;
      piece = await this.#guarded(db.fetchQueryResults(connection));
      if (piece?.byteLength === 0) return;
      if (piece === null) continue;
      asked.cut = answer.rows >= this.#limit ? 'rows' : bytes > BYTES ? 'bytes' : null;
      if (asked.cut) return;
      bytes += piece.byteLength;
      yield piece;
    }
  }

  async #run(sql) {
    await this.#guarded(this.#db.runQuery(this.#connection, sql));
  }

  /** What the worker answers, or why it never will. */
  #guarded(promise) {
    return Promise.race([promise, this.#broken]);
  }

  #break = () => {};
}

const nameOf = (file) => (file === 'city.db' ? 'city' : `part${file.slice(0, 2)}`);
