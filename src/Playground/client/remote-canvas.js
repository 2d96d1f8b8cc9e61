// <remote-canvas>: shows what a session backend draws, and tells it what happens here. The other end is BrowserTech.RemoteCanvas.

import { listen } from './remote-canvas-input.js';
import { Line } from './remote-canvas-line.js';
import { Player } from './remote-canvas-player.js';
import { Presence } from './remote-canvas-presence.js';
import { Screen } from './remote-canvas-screen.js';
import { Stats } from './remote-canvas-stats.js';
import { Teller } from './remote-canvas-teller.js';
import { ofGone, ofLoss } from './remote-canvas-words.js';

const STATS_EVERY = 500;

export class RemoteCanvas extends HTMLElement {
  static observedAttributes = ['label', 'quality', 'codecs', 'max-ratio', 'input', 'paused'];

  #screen = new Screen((frame) => this.#presented(frame));
  #stats = new Stats();
  #line = new Line({
    open: () => this.#begin(),
    lost: (detail) => this.#isLost(detail),
    gone: (detail) => this.#isGone(detail),
    frame: (frame) => this.#receive(frame),
    pong: (took) => this.#stats.pinged(took),
  });
  #teller = new Teller(this.#line, (sequence, happened) => {
    this.#stats.input(sequence, happened);
    this.#screen.ask();
  });
  #player = new Player({ line: this.#line, screen: this.#screen, stats: this.#stats }, (why) => {
    this.#presence.hello();
    this.dispatchEvent(new CustomEvent('decodeerror', { detail: why }));
  });
  #presence = new Presence(this, this.#line, this.#player);
  #session = null;
  #attached = null;
  #heard = null;
  #telling = null;
  /** By its attributes: then nobody else says what becomes of the connection. */
  #connectsItself = false;
  #isOver = false;
  #hasSaid = false;
  #letGo = () => {};

  constructor() {
    super();
    this.#screen.enter(this.attachShadow({ mode: 'open' }));
  }

  /** The canvas it draws on, to read pixels from. */
  get canvas() {
    return this.#screen.canvas;
  }

  /** A session of playground.js: a socket is opened on it, at the path of the attribute `path`, and closed with this. */
  get session() {
    return this.#session;
  }

  set session(session) {
    this.#connectsItself = false;
    this.#join(session);
  }

  #join(session) {
    this.#session = session ?? null;
    this.#isOver = false;
    this.#leave();
    if (session && this.#attached) this.#line.join(session.socket(this.getAttribute('path') ?? '/'), true);
  }

  /** Or a socket that is there already: a SessionSocket or a WebSocket. It stays open when this ends. */
  get socket() {
    return this.#line.socket;
  }

  set socket(socket) {
    [this.#session, this.#connectsItself, this.#isOver] = [null, false, false];
    this.#leave();
    if (socket) this.#line.join(socket, false);
  }

  /** The page's own state, a camera say: up to 1024 bytes. Only the newest is ever sent. */
  get state() {
    return this.#teller.state;
  }

  set state(bytes) {
    this.#teller.state = bytes;
  }

  /** Sends no input and is sent nothing, and keeps its connection. */
  get paused() {
    return this.hasAttribute('paused');
  }

  set paused(paused) {
    // Also where a framework sets what would be the attribute, or takes it away.
    this.toggleAttribute('paused', paused === '' || Boolean(paused));
  }

  get quality() {
    return this.getAttribute('quality') ?? 'auto';
  }

  set quality(quality) {
    this.setAttribute('quality', quality);
  }

  /** Whether what is shown is the whole picture, of the newest that was told. */
  get isComplete() {
    const { shown } = this.#screen;
    return !!shown && shown.isComplete && this.#teller.isNewest(shown.input);
  }

  get stats() {
    return this.#stats.summary();
  }

  /** Asks for the picture anew, from a key frame on. */
  refresh() {
    this.#player.refresh();
  }

  connectedCallback() {
    // Moved within the document it goes on as it was.
    if (this.#attached) return;
    this.tabIndex = this.hasAttribute('tabindex') ? this.tabIndex : 0;
    this.role ??= 'application';
    this.#label();
    const { signal } = (this.#attached = new AbortController());
    this.#presence.watch(signal);
    document.addEventListener('visibilitychange', () => (document.hidden ? this.#stopTelling() : this.#keepTelling()), { signal });
    signal.addEventListener('abort', () => this.#stopTelling());
    this.#listen();
    if (this.#session && !this.#session.isClosed) this.#join(this.#session);
    else if (this.hasAttribute('service') && !this.socket) this.#connect(signal);
  }

  disconnectedCallback() {
    queueMicrotask(() => this.isConnected || this.#detach());
  }

  attributeChangedCallback(name) {
    if (name === 'label') this.#label();
    else if (name === 'input') this.#listen();
    else if (name === 'paused') this.#pause();
    else this.#presence.hello();
  }

  /** By the attributes `service`, `account`, `api` and `key`: for pages without a script of their own. */
  async #connect(signal) {
    const at = (name) => this.getAttribute(name) || undefined;
    try {
      const { connect } = await import('./playground.js');
      const session = await connect(at('service'), { account: at('account'), api: at('api'), key: at('key'), signal });
      signal.addEventListener('abort', () => {
        session.close();
        // Put into the document again, it connects again.
        if (this.#session === session) this.#join(null);
      });
      if (signal.aborted) return session.close();
      this.#connectsItself = true;
      this.#join(session);
      session.onTerminated((status) => this.#session === session && this.#isGone({ status, kind: status?.reason ?? 'gone' }), { signal });
    } catch (error) {
      if (signal.aborted) return;
      this.#say(error.message);
      this.dispatchEvent(new CustomEvent('connecterror', { detail: error }));
    }
  }

  #say(words) {
    this.textContent = words;
    this.#hasSaid = true;
    this.#screen.say();
  }

  /** Tried again by itself. */
  #isLost(detail) {
    if (this.#isOver) return;
    if (this.#connectsItself) this.#say(ofLoss(detail));
    this.dispatchEvent(new CustomEvent('lost', { detail }));
  }

  /** Told by the socket, or by the session, whichever knows it first. */
  #isGone(detail) {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#connectsItself) this.#say(ofGone(detail));
    this.dispatchEvent(new CustomEvent('gone', { detail }));
  }

  #detach() {
    this.#heard?.abort();
    const attached = this.#attached;
    this.#attached = null;
    attached?.abort();
    if (this.#session) this.#leave();
  }

  #label() {
    this.ariaLabel = this.getAttribute('label') ?? 'A picture drawn on the server';
  }

  #listen() {
    this.#heard?.abort();
    if (!this.#attached) return;
    this.#heard = new AbortController();
    const kinds = new Set((this.getAttribute('input') ?? 'pointer wheel key').split(/\s+/));
    this.#letGo = listen(this, kinds, (...input) => this.#teller.input(...input), this.#heard.signal);
  }

  #leave() {
    this.#line.leave();
    this.#player.forget();
  }

  /** A new connection, or one that came back: the backend knows nothing yet. */
  async #begin() {
    this.#player.begin();
    if (this.#hasSaid) [this.textContent, this.#hasSaid] = ['', false];
    this.#stats.forget();
    if (await this.#presence.begin()) this.#teller.begin();
  }

  #pause() {
    if (this.paused) this.#letGo();
    this.#teller.isPaused = this.paused;
    this.#teller.flush();
    this.#presence.look();
  }

  /** The browser makes a picture of the page, with this frame in it where there is a new one. */
  #presented(frame) {
    this.#teller.turn();
    if (!frame) return;
    const latency = this.#stats.presented(frame, performance.now());
    const { payload, description, ...detail } = frame;
    this.dispatchEvent(new CustomEvent('frame', { detail: { ...detail, latency } }));
  }

  #receive(frame) {
    this.#keepTelling();
    this.#player.show(frame);
  }

  /** Until there is nothing to tell any more: a canvas at rest waits for nothing. */
  #keepTelling() {
    if (this.#attached && !document.hidden) this.#telling ??= setInterval(() => this.#tellStats(), STATS_EVERY);
  }

  #stopTelling() {
    clearInterval(this.#telling);
    this.#telling = null;
  }

  #tellStats() {
    const { stats } = this;
    if (this.#line.socket) this.dispatchEvent(new CustomEvent('stats', { detail: stats }));
    if (!this.#line.socket || (stats.framesPerSecond === 0 && stats.bitsPerSecond === 0 && stats.latency.p50 === null)) this.#stopTelling();
  }
}

if (!customElements.get('remote-canvas')) customElements.define('remote-canvas', RemoteCanvas);
