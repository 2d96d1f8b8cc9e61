// What the interface draws with: boxes, lines and text, in CSS pixels, back to front; text lies above the rest. Everything becomes an instance of one quad,
// 48 bytes in one of three lists, which are written anew in every frame: shapes, letters, and pieces of the layer. Shapes and letters are drawn with a call each on the
// layer, where something on it changed, and with one each on the screen; pieces with one. Letters have a list of their own because what a letter needs is one texel, and a
// graphics card that is made of software pays for the other half of a shader also where it is not taken. Which API draws is not known here.

/** Four-byte words of an instance: a rectangle, four parameters, two colours, a clip rectangle. */
export const WORDS = 12;

const BOX = 0;
const LINE = 1;

/** A colour as the instances have it. @param {number} alpha 0 to 1 */
export const rgba = (r, g, b, alpha = 1) => ((Math.round(alpha * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;

/** The same colour, less of it. */
export const faded = (colour, alpha) => (((Math.round((colour >>> 24) * alpha) << 24) | (colour & 0xffffff)) >>> 0);

/** Instances in the order they are drawn. */
class List {
  constructor() {
    this.count = 0;
    /** How many of them, from the first, belong to the layer. */
    this.split = 0;
    this.#room(2048);
  }

  #room(instances) {
    const before = this.words;
    this.capacity = instances;
    this.buffer = new ArrayBuffer(instances * WORDS * 4);
    this.floats = new Float32Array(this.buffer);
    this.words = new Uint32Array(this.buffer);
    if (before) this.words.set(before);
  }

  put(x, y, w, h, a, b, c, d, fill, edge, clipLow, clipHigh) {
    if (this.count === this.capacity) this.#room(this.capacity * 2);
    const at = this.count++ * WORDS;
    const { floats, words } = this;
    floats[at] = x;
    floats[at + 1] = y;
    floats[at + 2] = w;
    floats[at + 3] = h;
    floats[at + 4] = a;
    floats[at + 5] = b;
    floats[at + 6] = c;
    floats[at + 7] = d;
    words[at + 8] = fill;
    words[at + 9] = edge;
    words[at + 10] = clipLow;
    words[at + 11] = clipHigh;
  }
}

export class Painter {
  constructor(atlas) {
    this.atlas = atlas;
    this.shapes = new List();
    this.glyphs = new List();
    /** Pieces of the layer that are put on the screen before anything else. */
    this.tiles = new List();
    this.layer = { width: 0, height: 0 };
  }

  get count() {
    return this.shapes.count + this.glyphs.count + this.tiles.count;
  }

  /** @param {number} ratio device pixels of a CSS pixel */
  begin(width, height, ratio) {
    Object.assign(this, { ratio, width, height, missing: false });
    for (const list of [this.shapes, this.glyphs, this.tiles]) Object.assign(list, { count: 0, split: 0 });
    this.atlas.begin();
    this.unclip();
  }

  /**
   * What is drawn from here to `onScreen` goes into a texture that stays from frame to frame, because it will only be moved. In device pixels; another size
   * empties it.
   */
  onLayer(width, height) {
    this.layer = { width, height };
    Object.assign(this, { screen: [this.width, this.height], width, height });
    this.unclip();
  }

  onScreen() {
    [this.width, this.height] = this.screen;
    for (const list of [this.shapes, this.glyphs]) list.split = list.count;
    this.unclip();
  }

  /** A piece of the layer, from there to here. All in device pixels. */
  tile(x, y, width, height, fromX, fromY) {
    this.tiles.put(x, y, width, height, fromX, fromY, 1, 0, 0xffffffff, 0, this.clipLow, this.clipHigh);
  }

  /** What follows is seen inside this rectangle only. */
  clip(x, y, width, height) {
    const { ratio } = this;
    const within = (value, most) => Math.max(0, Math.min(most, Math.round(value * ratio)));
    this.left = within(x, this.width);
    this.top = within(y, this.height);
    this.right = within(x + width, this.width);
    this.bottom = within(y + height, this.height);
    this.clipLow = this.left | (this.top << 16);
    this.clipHigh = this.right | (this.bottom << 16);
  }

  unclip() {
    this.clip(0, 0, this.width / this.ratio, this.height / this.ratio);
  }

  /** Edges lie on whole device pixels; a border is at least one of them wide. */
  box(x, y, width, height, fill, radius = 0, border = 0, edge = 0) {
    const { ratio } = this;
    let x0 = Math.round(x * ratio);
    let y0 = Math.round(y * ratio);
    let x1 = Math.round((x + width) * ratio);
    let y1 = Math.round((y + height) * ratio);
    if (x1 === x0 && width > 0) x1++;
    if (y1 === y0 && height > 0) y1++;
    if (x1 <= this.left || x0 >= this.right || y1 <= this.top || y0 >= this.bottom || x1 <= x0 || y1 <= y0) return;
    if (radius === 0 && border === 0) {
      x0 = Math.max(x0, this.left);
      y0 = Math.max(y0, this.top);
      x1 = Math.min(x1, this.right);
      y1 = Math.min(y1, this.bottom);
    }
    const round = Math.min(radius * ratio, (x1 - x0) / 2, (y1 - y0) / 2);
    this.shapes.put(x0, y0, x1 - x0, y1 - y0, round, border ? Math.max(1, Math.round(border * ratio)) : 0, 0, BOX, fill, edge, this.clipLow, this.clipHigh);
  }

  /** With round ends. @param {number} width in CSS pixels */
  line(x0, y0, x1, y1, width, colour) {
    const { ratio } = this;
    if (Math.max(y0, y1) * ratio + width < this.top || Math.min(y0, y1) * ratio - width > this.bottom) return;
    this.shapes.put(x0 * ratio, y0 * ratio, x1 * ratio, y1 * ratio, (width * ratio) / 2, 0, 0, LINE, colour, 0, this.clipLow, this.clipHigh);
  }

  /**
   * A line of text; its baseline comes to lie on a whole pixel.
   * @param {number} room CSS pixels; what is longer ends in an ellipsis
   * @returns {number} how wide it is, in CSS pixels
   */
  text(font, text, x, baseline, colour, room = Infinity) {
    const { ratio } = this;
    const run = font.run(text);
    const limit = room * ratio;
    const cut = run.width > limit + 0.5 ? limit - font.advance : Infinity;
    const y = Math.round(baseline * ratio);
    if (y + 80 < this.top || y - 80 > this.bottom) return run.width / ratio;
    const start = x * ratio;
    const { clusters, xs } = run;
    for (let i = 0; i < clusters.length; i++) {
      const cluster = clusters[i];
      if (xs[i] + cluster.advance > cut) {
        if (cut > 0) this.#glyph(font, font.run('…').clusters[0], start + xs[i], y, colour);
        return room;
      }
      this.#glyph(font, cluster, start + xs[i], y, colour);
    }
    return run.width / ratio;
  }

  /** Ends at x. */
  textEnd(font, text, x, baseline, colour) {
    return this.text(font, text, x - font.run(text).width / this.ratio, baseline, colour);
  }

  #glyph(font, cluster, x, y, colour) {
    const quarters = Math.round(x * 4);
    const glyph = font.glyph(cluster, quarters & 3);
    if (glyph === null) {
      this.missing = true; // there is room again in the next frame
      return;
    }
    if (glyph.empty) return;
    glyph.shelf.lastUsed = this.atlas.frame;
    const left = (quarters >> 2) + glyph.left;
    if (left >= this.right || left + glyph.width <= this.left) return;
    this.glyphs.put(left, y - glyph.top, glyph.width, glyph.height, glyph.u, glyph.v, glyph.coloured, 0, colour, 0, this.clipLow, this.clipHigh);
  }
}
