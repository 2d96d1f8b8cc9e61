import { PlaygroundError } from './errors.js';
import { Backoff, Waker } from './waiting.js';

/** The hub holds a connection until the backend is ready, for up to 35 seconds. */
const OPEN_LIMIT = 45_000;

/** A connection that has been tried for longer than this when the network comes back is tried anew. */
const STALE_TRY = 1000;

/** After so many failures in a row the token may be what is wrong. */
const RENEW_AFTER = 3;

/** A connection that lasts so long was a good one: the next pause is short again. */
const STEADY = 5000;

/** What a backend closes with that will not talk to this page (RFC 6455: policy violation). It would say the same the next time. */
const REFUSED = 1008;

/** What the hub closes with when the token was taken back. 1001 is followed by the same question as every other end: the answer says why. */
const REVOKED = 4403;

/**
 * A WebSocket that comes back by itself, until the backend is gone. A browser does not say why a WebSocket failed; the hub does, so
 * every failure is followed by a question.
 */
export class SessionSocket extends EventTarget {
  #session;
  #path;
  #protocols;
  #binaryType;
  #limit;
  #queue = [];
  #socket = null;
  #tried = 0;
  #life = new AbortController();
  #waker;
  #released;
  #silence;
  #drop = null;

  constructor(session, path = '/', { protocols = [], binaryType = 'arraybuffer', queue = 0, silence = 0, signal } = {}, released = () => {}) {
    super();
    this.#session = session;
    this.#path = path;
    this.#protocols = protocols;
    this.#binaryType = binaryType;
    this.#limit = queue;
    this.#silence = silence;
    this.#released = released;
    this.#waker = new Waker(() => this.#woken());
    if (signal?.aborted) this.close();
    else signal?.addEventListener('abort', () => this.close(), { once: true, signal: this.#life.signal });
    // Not at once: a page that makes a socket and closes it in the same breath (React does, to find mistakes) opens none.
    queueMicrotask(() => this.#run().catch((error) => {
      if (!this.isClosed) this.#release();
      reportError(error);
    }));
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  get isClosed() {
    return this.#life.signal.aborted;
  }

  get protocol() {
    return this.#socket?.protocol ?? '';
  }

  get bufferedAmount() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  get queued() {
    return this.#queue.length;
  }

  send(data) {
    if (this.isOpen) {
      this.#socket.send(data);
      return true;
    }
    if (this.isClosed || this.#queue.length >= this.#limit) return false;
    this.#queue.push(data);
    return true;
  }

  /** Gives up the present connection and makes a new one. */
  reconnect() {
    if (this.#drop) this.#drop('asked');
    else this.#waker.wake();
  }

  close(code = 1000, reason = '') {
    if (this.isClosed) return;
    const socket = this.#socket;
    this.#release();
    socket?.close(code, reason);
  }

  #release() {
    this.#life.abort();
    this.#waker.close();
    this.#queue = [];
    this.#socket = null;
    this.#released(this);
  }

  async #run() {
    const backoff = new Backoff();
    let failures = 0;
    let before = false;
    while (!this.isClosed) {
      this.#waker.reset();
      const ended = await this.#connection(before);
      if (this.isClosed) return;
      before ||= ended.opened;
      failures = ended.opened ? 0 : failures + 1;
      if (ended.lasted > STEADY) backoff.reset();

      const verdict = await this.#why(ended, failures);
      if (this.isClosed) return;
      if (verdict.gone) return this.#gone(verdict.status, verdict.kind, ended.reason);
      const pause = ended.asked ? 0 : backoff.next(verdict.atLeast);
      this.#say('lost', { code: ended.code, reason: ended.reason, failures, retryIn: pause, unreachable: verdict.unreachable === true });
      if (pause > 0) await this.#waker.wait(pause, this.#life.signal);
    }
  }

  /** One connection, from its opening to its end. Never rejects. */
  #connection(before) {
    return new Promise((resolve) => {
      let opened = 0;
      let timer;
      let over = false;
      const socket = new WebSocket(this.#session.url(this.#path, 'ws'), this.#protocols);
      const end = (code, reason, asked = false) => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        this.#life.signal.removeEventListener('abort', stop);
        socket.onopen = socket.onmessage = socket.onclose = null;
        if (this.#socket === socket) this.#socket = null;
        this.#drop = null;
        resolve({ opened: opened > 0, lasted: opened && performance.now() - opened, code, reason, asked });
      };
      const stop = () => end(1000, 'closed');
      const drop = (why) => {
        socket.close();
        end(1006, why, why === 'asked' || why === 'woken');
      };
      const watch = (limit, why) => {
        clearTimeout(timer);
        if (limit > 0) timer = setTimeout(() => drop(why), limit);
      };
      this.#socket = socket;
      this.#drop = drop;
      this.#tried = performance.now();
      this.#life.signal.addEventListener('abort', stop);
      watch(OPEN_LIMIT, 'timeout');
      socket.binaryType = this.#binaryType;
      socket.onopen = () => {
        opened = performance.now();
        watch(this.#silence, 'silent');
        for (const message of this.#queue.splice(0)) socket.send(message);
        this.#say('open', { again: before });
      };
      socket.onmessage = ({ data }) => {
        watch(this.#silence, 'silent');
        this.dispatchEvent(new MessageEvent('message', { data }));
      };
      socket.onclose = ({ code, reason }) => end(code, reason);
    });
  }

  /** What the end of a connection means: try again, and when, or not. */
  async #why({ opened, code }, failures) {
    if (opened && code === 1000) return { gone: true, kind: 'closed', status: this.#session.lastStatus };
    if (opened && code === REFUSED) return { gone: true, kind: 'refused', status: this.#session.lastStatus };
    if (code === REVOKED) return { gone: true, kind: 'revoked', status: this.#session.lastStatus };
    let status;
    try {
      status = await this.#session.status({ signal: this.#life.signal });
    } catch (error) {
      if (!(error instanceof PlaygroundError)) return {};
      if (error.status === 404 || error.status === 410) return { gone: true, kind: 'gone', status: null };
      return { atLeast: (error.retryAfter ?? 0) * 1000, unreachable: error.status === 0 };
    }
    if (status.status === 'terminated') return { gone: true, kind: status.reason ?? 'gone', status };
    // On its way out: nothing is to be tried, and the last word is still to come.
    if (status.status.endsWith('terminating')) return { gone: true, kind: status.reason ?? 'gone', status: await this.#last(status) };
    if (status.status === 'ready' && failures > 0 && failures % RENEW_AFTER === 0) return await this.#renew();
    return {};
  }

  async #renew() {
    try {
      await this.#session.renewToken(this.#life.signal);
      return {};
    } catch (error) {
      if (!(error instanceof PlaygroundError)) return {};
      // Nothing holds the key any more, or something else does.
      if ([404, 409, 410].includes(error.status)) return { gone: true, kind: error.kind, status: this.#session.lastStatus };
      return { atLeast: (error.retryAfter ?? 0) * 1000 };
    }
  }

  #last(status) {
    return new Promise((resolve) => {
      const off = this.#session.onTerminated((last) => resolve(last ?? status), { signal: this.#life.signal });
      this.#life.signal.addEventListener('abort', () => {
        off();
        resolve(status);
      }, { once: true });
    });
  }

  /** Online, or looked at again. A connection that was begun without a network would wait for its own time-out. */
  #woken() {
    if (this.#socket?.readyState === WebSocket.CONNECTING && performance.now() - this.#tried > STALE_TRY) this.#drop?.('woken');
  }

  #gone(status, kind, reason) {
    this.#release();
    this.#say('gone', { status: status ?? null, kind, reason });
  }

  #say(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

if (Symbol.dispose) {
  SessionSocket.prototype[Symbol.dispose] = function dispose() {
    this.close();
  };
}
