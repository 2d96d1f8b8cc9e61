import { Atlas } from './atlas.js';
import { Painter } from './painter.js';
import { Font, Raster } from './text.js';
import { WebGL2 } from './webgl2.js';
import { WebGPU } from './webgpu.js';

const APIS = { webgpu: WebGPU, webgl2: WebGL2 };
/** Losses within a minute after which the older API is tried, and after which nothing is: something is broken for good. */
const DOUBT = 2;
const PATIENCE = 5;

/**
 * A canvas, and whichever API draws into it. A context that is lost is not repaired: the canvas is replaced by a new one with a new context, and
 * everything is drawn again, which is easy where nothing is kept but the list of this frame and the atlas.
 */
export class Surface {
  /** @param {HTMLElement} place the canvas becomes its first child @param {{ changed(): void, failed(why: string): void, fell(why: string): void }} told `fell`: another API draws than was asked for */
  constructor(place, told) {
    Object.assign(this, { place, told, api: null, wanted: 'webgpu', canvas: null, losses: [], recoveries: 0, opening: null, closed: false });
    this.atlas = new Atlas();
    this.raster = new Raster(this.atlas);
    this.painter = new Painter(this.atlas);
    this.watch = new ResizeObserver((entries) => this.#sized(entries.at(-1)));
    this.fonts = new Map();
    this.life = new AbortController();
    this.#watchRatio();
    this.width = this.height = 0;
    this.ratio = devicePixelRatio;
  }

  get title() {
    return this.api ? this.api.constructor.title : '';
  }

  /**
   * The wanted API, or else the other; then it is said why.
   * @param {string} [wanted] none: whichever there is, and that a browser has no WebGPU is nothing to tell
   * @throws where there is neither
   */
  async open(wanted) {
    const isAsked = wanted !== undefined;
    this.wanted = wanted ??= this.wanted;
    const ticket = (this.opening = {});
    const order = wanted === 'webgl2' ? ['webgl2', 'webgpu'] : ['webgpu', 'webgl2'];
    let why;
    for (const name of order) {
      // A canvas that has given one kind of context gives no other.
      const canvas = document.createElement('canvas');
      canvas.className = 'picture';
      canvas.setAttribute('aria-hidden', 'true');
      // It may be lost before it has drawn anything.
      let isLost = false;
      try {
        const api = await APIS[name].open(canvas, () => (canvas === this.canvas ? this.#lost(canvas) : (isLost = true)), (refusal) => this.#broken(canvas, refusal));
        if (ticket !== this.opening || this.closed) return api.close();
        this.#use(canvas, api);
        if (why && (isAsked || why.cause)) this.told.fell(`${APIS[wanted].title} could not be used: ${why.message} ${api.constructor.title} draws instead.`);
        if (isLost) this.#lost(canvas);
        return;
      } catch (error) {
        why = error;
      }
    }
    throw why;
  }

  #use(canvas, api) {
    const before = this.api;
    this.watch.disconnect();
    if (this.canvas) this.canvas.replaceWith(canvas);
    else this.place.prepend(canvas);
    Object.assign(this, { canvas, api });
    before?.close();
    this.atlas.resized = true;
    try {
      this.watch.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      this.watch.observe(canvas); // a browser that does not know device pixels of a box
    }
    this.told.changed();
  }

  /** It is there, and refuses what it is given: an empty picture, and none that drawing again would mend. */
  #broken(canvas, why) {
    if (canvas !== this.canvas || this.closed || !this.api) return;
    const { title } = this;
    this.api.close();
    this.#lost(canvas, 'webgl2', () => this.told.fell(`${title} failed: ${why} ${this.title} draws instead.`));
  }

  #lost(canvas, instead = this.wanted, then = () => {}) {
    if (canvas !== this.canvas || this.closed) return;
    this.api = null;
    const now = performance.now();
    this.losses = [...this.losses.filter((at) => now - at < 60_000), now];
    if (this.losses.length > PATIENCE) return this.told.failed('The graphics driver keeps losing this page’s context.');
    this.recoveries++;
    const next = this.losses.length > DOUBT ? 'webgl2' : instead;
    // Not in the event of the loss itself: the driver is just going down.
    setTimeout(() => this.closed || this.open(next).then(then).catch((error) => this.told.failed(error.message)), 50);
  }

  /** A browser that zooms, or a window that is taken to another screen: the place may be as large as it was, and only its pixels be others. */
  #watchRatio() {
    const look = () => {
      if (this.closed || !this.canvas || devicePixelRatio === this.ratio) return;
      this.#sized({ contentRect: this.canvas.getBoundingClientRect() });
    };
    const { signal } = this.life;
    addEventListener('resize', look, { signal });
    const next = () => matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
      next();
      look();
    }, { once: true, signal });
    next();
  }

  #sized(entry) {
    const size = entry.devicePixelContentBoxSize?.[0];
    const ratio = devicePixelRatio;
    // Device pixels as the browser counts them, unless it counts others than it shows, as where a small screen is emulated.
    const exact = (counted = 0, css) => (Math.abs(counted - css * ratio) < 2 ? counted : Math.round(css * ratio));
    const width = exact(size?.inlineSize, entry.contentRect.width);
    const height = exact(size?.blockSize, entry.contentRect.height);
    if (width === this.width && height === this.height && ratio === this.ratio && this.canvas.width === width && this.canvas.height === height) return;
    if (ratio !== this.ratio) this.forgetFonts();
    Object.assign(this, { width, height, ratio });
    // Not yet: a canvas is emptied by being resized, and the frame that fills it is on its way.
    this.told.changed();
  }

  /** Typefaces came, or pixels changed their size. */
  forgetFonts() {
    this.fonts.clear();
    this.atlas.clear();
    this.raster.font = '';
  }

  /** @param {string} css with SIZE where the size stands */
  font(css, size, snapped = false) {
    const key = `${css}|${size}|${snapped}`;
    let font = this.fonts.get(key);
    if (!font) this.fonts.set(key, (font = new Font(this.raster, css, size, this.ratio, snapped)));
    return font;
  }

  /** Draws what `paint` puts on the painter. False: there is nothing to draw on just now. */
  frame(ground, paint) {
    const { api, canvas, painter, atlas } = this;
    if (!api || this.width === 0 || this.height === 0) return false;
    if (canvas.width !== this.width || canvas.height !== this.height) Object.assign(canvas, { width: this.width, height: this.height });
    painter.begin(this.width, this.height, this.ratio);
    paint(painter);
    if (atlas.resized || atlas.patches.length > 0) {
      api.upload(atlas);
      atlas.resized = false;
      atlas.patches = [];
    }
    api.draw(painter, ground);
    return true;
  }

  close() {
    this.closed = true;
    this.life.abort();
    this.watch.disconnect();
    this.api?.close();
    this.canvas?.remove();
  }
}
