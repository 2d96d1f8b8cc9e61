import { PlaygroundError, ask, call } from './errors.js';
import { follow } from './events.js';
import { SessionSocket } from './socket.js';

/**
 * One page's hold on one backend. Its status comes over one event stream, however many listen. The stream carries the token and stays
 * open as long as the session: by it the hub knows that the page is there, also one that only fetches now and then. `close()` lets go
 * of everything that was made through it; the backend itself ends when nobody is connected any more, or by `terminate()`.
 */
export class SessionBackend {
  #granted;
  #renew;
  #life = new AbortController();
  #sockets = new Set();
  #listeners = { status: new Set(), ready: new Set(), terminated: new Set(), ending: new Set(), staying: new Set() };
  #last = null;
  /** What was announced and not taken back, each with when it was heard. */
  #endings = { lifetime: null, idle: null };
  #isReady = false;
  #terminated = false;
  #ready = null;

  constructor(granted, { renew = null, signal } = {}) {
    this.#granted = granted;
    this.#renew = renew;
    if (signal?.aborted) this.close();
    else signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.#life.signal });
    this.#watch();
  }

  get backendId() {
    return this.#granted.backend_id;
  }

  get spawned() {
    return this.#granted.spawned;
  }

  get fencingToken() {
    return this.#granted.fencing_token;
  }

  get secret() {
    return this.#granted.secret_token;
  }

  get grant() {
    return this.#granted;
  }

  get isReady() {
    return this.#isReady;
  }

  get isTerminated() {
    return this.#terminated;
  }

  get isClosed() {
    return this.#life.signal.aborted;
  }

  /** The last that was heard; null before the first. */
  get lastStatus() {
    return this.#last;
  }

  get ready() {
    this.#ready ??= new Promise((resolve, reject) => {
      const settle = (act) => {
        offReady();
        offTerminated();
        act();
      };
      const offReady = this.onReady(() => settle(resolve));
      const offTerminated = this.onTerminated((status) => settle(() => reject(failure(status))));
      if (this.isClosed) settle(() => reject(closed()));
      else this.#life.signal.addEventListener('abort', () => settle(() => reject(closed())), { once: true });
    });
    return this.#ready;
  }

  onStatus(callback, options) {
    return this.#listen('status', callback, options, this.#last);
  }

  onReady(callback, options) {
    return this.#listen('ready', callback, { ...options, once: true }, this.#isReady ? this.#last : null);
  }

  onTerminated(callback, options) {
    const known = this.#terminated ? { last: this.#last?.status === 'terminated' ? this.#last : null } : null;
    return this.#listen('terminated', callback, { ...options, once: true }, known, ({ last }) => last);
  }

  onEnding(callback, options) {
    return this.#listen('ending', callback, options, this.#next());
  }

  onStaying(callback, options) {
    return this.#listen('staying', callback, options, null);
  }

  status({ signal } = {}) {
    return call(this.#granted.status_url, { signal: this.#signal(signal) });
  }

  url(path = '/', kind = 'http') {
    const { address, inPath } = this.#address(path);
    if (!inPath) address.searchParams.set('token', this.#granted.token);
    if (kind === 'ws') address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    return address.href;
  }

  fetch(path, init = {}) {
    const { address, inPath } = this.#address(path);
    const headers = new Headers(init.headers);
    if (!inPath) headers.set('Authorization', `Bearer ${this.#granted.token}`);
    return ask(address, { ...init, headers, signal: this.#signal(init.signal) });
  }

  socket(path = '/', options) {
    if (this.isClosed) throw closed();
    const socket = new SessionSocket(this, path, options, (gone) => this.#sockets.delete(gone));
    this.#sockets.add(socket);
    return socket;
  }

  async terminate({ hard = false, signal } = {}) {
    try {
      await call(this.#granted.terminate_url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#granted.token}` },
        body: JSON.stringify({ hard }),
        keepalive: true, // also when the page is being left
        signal,
      });
    } catch (error) {
      // It has ended already, which is what was asked for.
      if (!(error instanceof PlaygroundError && error.status === 410)) throw error;
    }
  }

  /** A new token for the same backend; false where there is no way to one. Used by sockets that keep failing. */
  async renewToken(signal) {
    if (!this.#renew) return false;
    const granted = await this.#renew(this.#signal(signal));
    if (granted.backend_id !== this.backendId) throw new PlaygroundError('Another process has taken its place.', 'gone', 410);
    this.#granted = { ...this.#granted, ...granted, spawned: this.#granted.spawned };
    return true;
  }

  close() {
    if (this.isClosed) return;
    for (const socket of [...this.#sockets]) socket.close();
    this.#life.abort(closed());
    for (const set of Object.values(this.#listeners)) set.clear();
  }

  destroy() {
    this.close();
  }

  #address(path) {
    const base = new URL(this.#granted.url);
    const inPath = base.pathname !== '/';
    const relative = String(path).replace(/^\/+/, '');
    const address = new URL(base.pathname.replace(/\/?$/, '/') + relative, base.origin);
    return { address, inPath };
  }

  #signal(signal) {
    return signal ? AbortSignal.any([signal, this.#life.signal]) : this.#life.signal;
  }

  /** `known` is what a late listener has missed; it is told, but never before this returns. */
  #listen(name, callback, { signal, once = false } = {}, known, told = (value) => value) {
    if (signal?.aborted || this.isClosed) return () => {};
    const listeners = this.#listeners[name];
    // Its own wrapper: the same function may be added twice, and each is removed by what adding it returned.
    const listener = (value) => {
      if (once) off();
      callback(value);
    };
    listeners.add(listener);
    const off = () => {
      signal?.removeEventListener('abort', off);
      listeners.delete(listener);
    };
    signal?.addEventListener('abort', off, { once: true });
    if (known) queueMicrotask(() => listeners.has(listener) && this.#call(listener, told(known)));
    return off;
  }

  #tell(name, value) {
    for (const listener of [...this.#listeners[name]]) this.#call(listener, value);
  }

  /** One listener's mistake is not the others'. */
  #call(listener, value) {
    try {
      listener(value);
    } catch (error) {
      reportError(error);
    }
  }

  #watch() {
    if (this.isClosed) return;
    const { signal } = this.#life;
    // Asked anew for each connection: the token may have been renewed.
    const headers = () => ({ Authorization: `Bearer ${this.#granted.token}` });
    // Also with a token that was taken back or has run out: how a backend fares is told to whoever knows its id.
    follow(this.#granted.status_stream_url, (event) => this.#heard(event), signal, { headers })
      .then(() => this.#over(null), (error) => {
        if (!signal.aborted) this.#over(error);
      });
  }

  #heard({ event, data }) {
    const said = JSON.parse(data);
    if (event === 'ending') {
      this.#endings[said.reason] = { said, at: performance.now() };
      this.#tell('ending', said);
    } else if (event === 'staying') {
      // A stream that is taken up again says it in any case: it does not know what was said before.
      // What it takes back is an idle end only; that of the lifetime is said again behind it.
      if (!this.#endings.idle) return this.#terminated;
      this.#endings.idle = null;
      this.#tell('staying', said);
    } else if (event === 'message') {
      this.#enter(said);
    }
    return this.#terminated;
  }

  /** What strikes next, with the seconds that are left by now. An idle end is announced only where it comes before the lifetime's. */
  #next() {
    const ending = this.#endings.idle ?? this.#endings.lifetime;
    if (!ending || this.#terminated) return null;
    const { said, at } = ending;
    return { ...said, seconds_left: Math.max(0, Math.ceil(said.seconds_left - (performance.now() - at) / 1000)) };
  }

  #enter(status) {
    // A stream that is taken up anew begins at the beginning.
    if (this.#last && ORDER.indexOf(status.status) < ORDER.indexOf(this.#last.status)) return;
    const repeated = this.#last?.status === status.status;
    this.#last = status;
    if (repeated) return;
    if (status.status === 'terminated') this.#terminated = true;
    if (status.status === 'ready') this.#isReady = true;
    else if (ORDER.indexOf(status.status) > ORDER.indexOf('ready')) this.#isReady = false;
    this.#tell('status', status);
    if (status.status === 'ready') this.#tell('ready', status);
    if (this.#terminated) this.#tell('terminated', status);
  }

  /** The hub has nothing more to say: it does not know the backend any more. */
  #over(error) {
    if (this.#terminated || this.isClosed) return;
    if (error) console.debug(error);
    this.#terminated = true;
    this.#isReady = false;
    this.#tell('terminated', null);
  }
}

// Where the language has explicit resource management: `using session = await connect(…)`.
if (Symbol.dispose) SessionBackend.prototype[Symbol.dispose] = SessionBackend.prototype.close;

const ORDER = ['scheduled', 'loading', 'starting', 'waiting', 'ready', 'terminating', 'hard-terminating', 'terminated'];

const closed = () => new PlaygroundError('This session was closed by the page.', 'closed');

const failure = (status) =>
  new PlaygroundError(
    [status?.message ?? 'The process has ended.', status?.detail].filter(Boolean).join(' '), status?.reason ?? 'gone', 410);
