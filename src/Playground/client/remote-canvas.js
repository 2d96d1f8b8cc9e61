// <remote-canvas>: shows what a session backend draws, and tells it what happens here. The other end is BrowserTech.RemoteCanvas.

import { Decoder, decodesVideo } from './remote-canvas-decoder.js';
import { listen } from './remote-canvas-input.js';
import { Stats } from './remote-canvas-stats.js';
import * as wire from './remote-canvas-wire.js';

const STATS_EVERY = 500;
const PING_EVERY = 1000;
/** Bytes the network has not taken yet: beyond them the newest state waits here, where it can still be replaced. */
const MAX_BUFFERED = 32 * 1024;

export class RemoteCanvas extends HTMLElement {
  static observedAttributes = ['label', 'quality', 'codecs', 'max-ratio', 'input', 'paused'];

  #canvas = document.createElement('canvas');
  #context = null;
  /** What stands in the element is shown until there is a picture: why there is none, for example. */
  #words = document.createElement('slot');
  #socket = null;
  #owned = false;
  #session = null;
  #attached = null;
  #decoder = new Decoder((picture, frame, decoding) => this.#draw(picture, frame, decoding), (frame, why) => this.#lost(frame, why));
  #stats = new Stats();
  #sequence = 0;
  #state = null;
  #stateWaits = false;
  #happened = null;
  #sentThisTurn = false;
  #drawn = null;
  #shown = null;
  #turn = 0;
  #video = null;
  #isSeen = true;
  #wasLooking = null;
  #pings = { last: 0, sent: 0, mark: 0 };
  #size = [0, 0];
  #failures = 0;

  constructor() {
    super();
    this.#canvas.style.cssText = 'display:block;width:100%;height:100%;object-fit:fill';
    this.#words.style.cssText = 'position:absolute;inset:0';
    this.#canvas.ariaHidden = 'true';
    this.attachShadow({ mode: 'open' }).append(this.#canvas, this.#words);
    this.#context = this.#canvas.getContext('2d', { alpha: false, desynchronized: true });
  }

  /** The canvas it draws on, to read pixels from. */
  get canvas() {
    return this.#canvas;
  }

  /** A session of playground.js: a socket is opened on it, at the path of the attribute `path`, and closed with this. */
  get session() {
    return this.#session;
  }

  set session(session) {
    this.#session = session ?? null;
    this.#leave();
    if (session && this.isConnected) this.#join(session.socket(this.getAttribute('path') ?? '/'), true);
  }

  /** Or a socket that is there already: a SessionSocket or a WebSocket. It stays open when this ends. */
  get socket() {
    return this.#socket;
  }

  set socket(socket) {
    this.#session = null;
    this.#leave();
    if (socket) this.#join(socket, false);
  }

  /** The page's own state, a camera say: up to 1024 bytes. Only the newest is ever sent. */
  get state() {
    return this.#state;
  }

  set state(bytes) {
    this.#state = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes.buffer ?? bytes, bytes.byteOffset ?? 0, bytes.byteLength);
    this.#stateWaits = true;
    this.#happened ??= performance.now();
    if (!this.#sentThisTurn) this.#flush();
  }

  /** Sends nothing and is sent nothing, and keeps its connection. */
  get paused() {
    return this.hasAttribute('paused');
  }

  set paused(paused) {
    this.toggleAttribute('paused', paused);
  }

  get quality() {
    return this.getAttribute('quality') ?? 'auto';
  }

  set quality(quality) {
    this.setAttribute('quality', quality);
  }

  /** Whether what is shown is the whole picture, of the newest that was told. */
  get isComplete() {
    const frame = this.#shown;
    return !!frame && frame.isComplete && frame.input === this.#sequence && (!this.#stateWaits || this.paused);
  }

  get stats() {
    return this.#stats.summary();
  }

  connectedCallback() {
    this.style.display ||= 'block';
    this.tabIndex = this.hasAttribute('tabindex') ? this.tabIndex : 0;
    this.role ??= 'application';
    this.#label();
    const ended = (this.#attached = new AbortController());
    const sizes = new ResizeObserver(() => this.#hello());
    sizes.observe(this);
    const sights = new IntersectionObserver(([entry]) => {
      this.#isSeen = entry.isIntersecting;
      this.#look();
    });
    sights.observe(this);
    document.addEventListener('visibilitychange', () => this.#look(), { signal: ended.signal });
    this.#listen();
    const timer = setInterval(() => this.#tellStats(), STATS_EVERY);
    ended.signal.addEventListener('abort', () => {
      sizes.disconnect();
      sights.disconnect();
      clearInterval(timer);
    });
    if (this.#session && !this.#socket) this.session = this.#session;
    if (this.hasAttribute('service') && !this.#socket) this.#connect(ended.signal);
  }

  /** By the attributes `service`, `account`, `api` and `key`: for pages without a script of their own. */
  async #connect(signal) {
    const at = (name) => this.getAttribute(name) || undefined;
    try {
      const { connect } = await import('./playground.js');
      const session = await connect(at('service'), { account: at('account'), api: at('api'), key: at('key'), signal });
      signal.addEventListener('abort', () => session.close());
      if (signal.aborted) session.close();
      else this.session = session;
    } catch (error) {
      if (signal.aborted) return;
      this.textContent = error.message;
      this.dispatchEvent(new CustomEvent('connecterror', { detail: error }));
    }
  }

  disconnectedCallback() {
    this.#attached?.abort();
    this.#attached = null;
    if (this.#owned) this.#leave();
  }

  attributeChangedCallback(name) {
    if (name === 'label') this.#label();
    else if (name === 'input') this.#listen();
    else if (name === 'paused') this.#resume();
    else this.#hello();
  }

  /** Asks for the picture anew, from a key frame on. */
  refresh() {
    this.#decoder.close();
    this.#send(wire.keyFrame());
  }

  #label() {
    this.ariaLabel = this.getAttribute('label') ?? 'A picture drawn on the server';
  }

  #heard = null;

  #listen() {
    this.#heard?.abort();
    if (!this.#attached) return;
    this.#heard = new AbortController();
    this.#attached.signal.addEventListener('abort', () => this.#heard.abort());
    const kinds = new Set((this.getAttribute('input') ?? 'pointer wheel key').split(/\s+/));
    let move = null;
    const flush = () => {
      if (!move) return;
      const last = move;
      move = null;
      this.#tell((sequence) => wire.pointer(sequence, 'move', last));
    };
    listen(this, kinds, (kind, details, isUrgent) => {
      if (kind === 'pointer' && !isUrgent) {
        // Moves are sent once for each picture the browser makes, the newest.
        if (!move) requestAnimationFrame(flush);
        move = details;
        return;
      }
      if (kind === 'key') return this.#tell((sequence) => wire.key(sequence, details.isDown, details.code, details.keys));
      flush();
      this.#tell((sequence) => wire.pointer(sequence, details.action, details));
    }, this.#heard.signal);
  }

  #tell(make) {
    // What could not be sent is waited for by nobody.
    const sequence = this.#sequence + 1;
    if (!this.#send(make(sequence))) return;
    this.#sequence = sequence;
    this.#stats.input(sequence, performance.now());
  }

  #join(socket, owned) {
    [this.#socket, this.#owned] = [socket, owned];
    if ('binaryType' in socket) socket.binaryType = 'arraybuffer';
    const ended = (socket.remoteCanvas = new AbortController());
    const { signal } = ended;
    socket.addEventListener('message', ({ data }) => data instanceof ArrayBuffer && this.#receive(data), { signal });
    socket.addEventListener('open', () => this.#begin(), { signal });
    if (socket.isOpen ?? socket.readyState === 1) this.#begin();
  }

  #leave() {
    const socket = this.#socket;
    this.#socket = null;
    this.#decoder.close();
    this.#shown = null;
    socket?.remoteCanvas?.abort();
    if (this.#owned) socket?.close();
    this.#owned = false;
  }

  /** A new connection, or one that came back: the backend knows nothing yet. */
  async #begin() {
    const socket = this.#socket;
    this.#decoder.close();
    this.#video ??= await decodesVideo();
    if (socket !== this.#socket) return;
    this.#wasLooking = null;
    this.#size = [0, 0];
    this.#hello();
    this.#look();
    this.#stateWaits = this.#state !== null;
    this.#flush();
  }

  #send(bytes) {
    const socket = this.#socket;
    if (!socket || !(socket.isOpen ?? socket.readyState === 1)) return false;
    return socket.send(bytes) !== false;
  }

  #hello() {
    if (this.#video === null || !this.#socket) return;
    const ratio = Math.min(devicePixelRatio, Number(this.getAttribute('max-ratio') ?? 2));
    const [width, height] = [Math.round(this.clientWidth * ratio), Math.round(this.clientHeight * ratio)];
    if (width < 1 || height < 1) return;
    this.#size = [width, height];
    const video = this.#video && !(this.getAttribute('codecs') ?? 'h264').includes('images') && this.#failures < 3;
    this.#send(wire.hello({ video, quality: this.quality, width: Math.min(width, 16384), height: Math.min(height, 16384) }));
  }

  #resume() {
    this.#flush();
    this.#look();
  }

  #look() {
    const looking = !this.paused && this.#isSeen && document.visibilityState === 'visible';
    if (looking === this.#wasLooking) return;
    if (this.#send(wire.looking(looking))) this.#wasLooking = looking;
  }

  /** At most one state for each picture the browser makes; the first one of a turn at once. */
  #flush() {
    if (this.paused || !this.#stateWaits || !this.#state || (this.#socket?.bufferedAmount ?? 0) > MAX_BUFFERED) return;
    const sequence = this.#sequence + 1;
    if (!this.#send(wire.state(sequence, this.#state))) return;
    this.#sequence = sequence;
    this.#stats.input(sequence, this.#happened ?? performance.now());
    [this.#stateWaits, this.#happened, this.#sentThisTurn] = [false, null, true];
    this.#nextTurn();
  }

  #receive(buffer) {
    const mark = wire.pong(buffer);
    if (mark !== null) {
      if (mark === this.#pings.mark) this.#stats.pinged(performance.now() - this.#pings.sent);
      return;
    }
    const frame = wire.readFrame(buffer);
    if (!frame) return;
    this.#stats.received(frame);
    this.#decoder.decode(frame);
  }

  #draw(picture, frame, decoding) {
    const { askedWidth, askedHeight } = frame;
    const canvas = this.#canvas;
    if (canvas.width !== askedWidth || canvas.height !== askedHeight) [canvas.width, canvas.height] = [askedWidth, askedHeight];
    this.#words.hidden = true;
    this.#context.drawImage(picture, 0, 0, askedWidth, askedHeight);
    picture.close();
    this.#send(wire.shown(frame.number, decoding));
    this.#stats.drawn(frame, decoding);
    this.#drawn = frame;
    const now = performance.now();
    // Only while frames come: a canvas at rest is silent.
    if (now - this.#pings.last > PING_EVERY) {
      this.#pings = { last: now, sent: now, mark: this.#pings.mark + 1 };
      this.#send(wire.ping(this.#pings.mark));
    }
    this.#nextTurn();
  }

  #nextTurn() {
    this.#turn ||= requestAnimationFrame(() => {
      this.#turn = 0;
      this.#sentThisTurn = false;
      this.#flush();
      const frame = this.#drawn;
      this.#drawn = null;
      if (!frame) return;
      this.#shown = frame;
      const latency = this.#stats.presented(frame, performance.now());
      const { payload, description, ...detail } = frame;
      this.dispatchEvent(new CustomEvent('frame', { detail: { ...detail, latency } }));
    });
  }

  #lost(frame, why) {
    if (frame) {
      this.#send(wire.shown(frame.number, 0, true));
      return;
    }
    this.#failures++;
    if (this.#failures === 3) this.#hello(); // video does not work here: pictures from now on
    this.#send(wire.keyFrame());
    this.dispatchEvent(new CustomEvent('decodeerror', { detail: why }));
  }

  #tellStats() {
    if (this.#socket) this.dispatchEvent(new CustomEvent('stats', { detail: this.stats }));
  }
}

if (!customElements.get('remote-canvas')) customElements.define('remote-canvas', RemoteCanvas);
