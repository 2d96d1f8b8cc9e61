// The browser's side of session backends: ask for a backend, watch it start, talk to it, end it.
// Plain ES modules without a build step; types are in the comments and are checked by any editor.

/**
 * @typedef {object} ConnectOptions
 * @property {string} api        Origin of the hub, e.g. `https://browsertech.example`.
 * @property {string} account    Account the service belongs to.
 * @property {string} service    What to start.
 * @property {string} [key]      Tabs that give the same key share one backend.
 * @property {boolean} [spawn]   False: only join a backend that holds the key.
 * @property {string} [user]     A name the backend is told.
 * @property {unknown} [auth]    Any JSON the backend is told.
 * @property {AbortSignal} [signal]
 */

/**
 * @typedef {object} BackendStatus
 * @property {string} backend_id
 * @property {'scheduled'|'loading'|'starting'|'waiting'|'ready'|'terminating'|'hard-terminating'|'terminated'} status
 * @property {string} time
 * @property {string|null} reason           Why it ends: idle, lifetime, requested, start_failed, …
 * @property {string|null} message          The reason as a sentence.
 * @property {string|null} detail           What went wrong, where there is more to say.
 * @property {string[]|null} last_output    The last lines the program wrote, once it has ended.
 * @property {number|null} exit_code
 * @property {number} clients
 * @property {number|null} pid
 * @property {number|null} memory_bytes
 * @property {number} grace_seconds
 * @property {string} lifetime_ends_at
 * @property {{status: string, time: string}[]} history
 */

/** A refusal of the hub: `kind` is for programs, `message` for people, `id` is also in the hub's log. */
export class PlaygroundError extends Error {
  /** @param {string} message @param {string} kind @param {number} status @param {string} [id] */
  constructor(message, kind, status, id) {
    super(message);
    this.name = 'PlaygroundError';
    this.kind = kind;
    this.status = status;
    this.id = id;
  }
}

/**
 * Gets or creates a backend. Answers as soon as it is scheduled; everything sent to it is held until it is ready.
 * @param {ConnectOptions} options
 * @returns {Promise<Session>}
 */
export async function connect({ api, account, service, key, spawn, user, auth, signal }) {
  const address = `${api}/v2/service/${encodeURIComponent(account)}/${encodeURIComponent(service)}/connect`;
  const granted = await call(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ key, spawn, user, auth }),
    signal,
  });
  return new Session(granted);
}

/**
 * Takes up a session again, for example after a reload, from what `session.grant` was.
 * @param {any} granted
 * @returns {Promise<Session|null>} Null when the backend has ended.
 */
export async function resume(granted) {
  const session = new Session(granted);
  try {
    const { status } = await session.status();
    return status.endsWith('terminating') || status === 'terminated' ? null : session;
  } catch (error) {
    if (error instanceof PlaygroundError && error.status === 404) return null;
    throw error;
  }
}

/** One tab's hold on one backend. */
export class Session {
  /** @param {any} granted What connect answered. */
  constructor(granted) {
    /** @type {string} */ this.backendId = granted.backend_id;
    /** @type {boolean} */ this.spawned = granted.spawned;
    /** @type {string} */ this.fencingToken = granted.fencing_token;
    /** @type {string} */ this.secret = granted.secret_token;
    this.#granted = granted;
  }

  #granted;

  /** All it takes to come back to it with `resume`. It holds the token: keep it where only this page can read it. */
  get grant() {
    return this.#granted;
  }

  /**
   * The address of a path of the backend, token included.
   * @param {string} [path] @param {'http'|'ws'} [kind]
   */
  url(path = '/', kind = 'http') {
    const base = new URL(this.#granted.url);
    const inPath = base.pathname !== '/';
    const address = new URL(inPath ? base.pathname + path.replace(/^\//, '') : path, base);
    if (!inPath) address.searchParams.set('token', this.#granted.token);
    if (kind === 'ws') address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
    return address.href;
  }

  /** @returns {Promise<BackendStatus>} */
  status() {
    return call(this.#granted.status_url, {});
  }

  /**
   * Calls back with every state, from the first on. The stream resumes by itself after a break and ends with the
   * backend.
   * @param {(status: BackendStatus) => void} changed
   * @returns {() => void} Stops watching.
   */
  watch(changed) {
    const source = new EventSource(this.#granted.status_stream_url);
    source.onmessage = (event) => {
      const status = JSON.parse(event.data);
      if (status.status === 'terminated') source.close();
      changed(status);
    };
    return () => source.close();
  }

  /**
   * A WebSocket that comes back by itself for as long as the backend lives.
   * @param {string} [path]
   */
  socket(path = '/') {
    return new SessionSocket(this, path);
  }

  /** Asks the backend to end; `hard` kills it. @param {boolean} [hard] */
  async terminate(hard = false) {
    await call(this.#granted.terminate_url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${this.#granted.token}` },
      body: JSON.stringify({ hard }),
      keepalive: true,
    });
  }
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;

/**
 * Events: `open`, `message` (a MessageEvent), `lost` (trying again), `gone` (a CustomEvent with the last BackendStatus
 * or null: the backend has ended, nothing will be tried any more).
 */
export class SessionSocket extends EventTarget {
  #session;
  #path;
  #socket = /** @type {WebSocket|null} */ (null);
  #pause = FIRST_PAUSE;
  #timer = 0;
  #closed = false;
  #wake = () => this.#retry();

  /** @param {Session} session @param {string} path */
  constructor(session, path) {
    super();
    this.#session = session;
    this.#path = path;
    addEventListener('online', this.#wake);
    this.#open();
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** Dropped when not open: what is sent late is seldom still meant. @param {string|ArrayBufferLike|Blob} data */
  send(data) {
    if (this.isOpen) this.#socket?.send(data);
  }

  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    removeEventListener('online', this.#wake);
    this.#socket?.close(1000);
  }

  #open() {
    const socket = new WebSocket(this.#session.url(this.#path, 'ws'));
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => {
      this.#pause = FIRST_PAUSE;
      this.dispatchEvent(new Event('open'));
    };
    socket.onmessage = (event) => this.dispatchEvent(new MessageEvent('message', { data: event.data }));
    socket.onclose = () => this.#lost();
  }

  /** A browser does not say why a WebSocket failed; the hub does, when asked. */
  async #lost() {
    this.#socket = null;
    if (this.#closed) return;
    let status;
    try {
      status = await this.#session.status();
    } catch (error) {
      if (error instanceof PlaygroundError && error.status === 404) status = null;
    }
    if (this.#closed) return;
    if (status === null || status?.status === 'terminated') {
      this.close();
      this.dispatchEvent(new CustomEvent('gone', { detail: status }));
      return;
    }
    this.dispatchEvent(new Event('lost'));
    const jittered = this.#pause * (0.5 + Math.random() / 2);
    this.#pause = Math.min(this.#pause * 1.7, LONGEST_PAUSE);
    this.#timer = setTimeout(() => this.#retry(), jittered);
  }

  #retry() {
    clearTimeout(this.#timer);
    if (!this.#closed && this.#socket === null) this.#open();
  }
}

/** @param {string} address @param {RequestInit} options */
async function call(address, options) {
  let response;
  try {
    response = await fetch(address, { ...options, credentials: 'omit', referrerPolicy: 'no-referrer' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new PlaygroundError('The server could not be reached. Check your connection, then try again.', 'unreachable', 0);
  }
  const body = await response.json().catch(() => null);
  if (response.ok) return body;
  throw new PlaygroundError(
    body?.message ?? `The server answered with ${response.status}.`, body?.kind ?? 'unknown', response.status, body?.id);
}
