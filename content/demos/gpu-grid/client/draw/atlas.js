// Where rasterised glyphs lie: one texture, packed in shelves. It begins small, grows, and when it may not grow any more forgets the shelf that
// nobody has used for longest, never one that this frame uses. A copy stays here: a graphics card may lose its own at any time.

const WIDTH = 1024;
const MAX_HEIGHT = 2048;

export class Atlas {
  constructor() {
    this.frame = 0;
    /** How often something was thrown out: tests look at it. */
    this.evictions = 0;
    this.clear();
  }

  clear() {
    this.width = WIDTH;
    this.height = this.height ?? 256;
    this.pixels = new Uint8Array(this.width * this.height * 4);
    this.shelves = [];
    this.bottom = 0;
    /** The whole texture has to be made anew. */
    this.resized = true;
    /** What was added since the last frame. */
    this.patches = [];
    this.generation = (this.generation ?? 0) + 1;
  }

  begin() {
    this.frame++;
  }

  /**
   * Puts a picture in. The glyph is told where, and that it is nowhere when its shelf is given to others.
   * @param {{ shelf: object | null, u: number, v: number }} glyph
   */
  add(glyph, width, height, rgba) {
    const shelf = this.#shelf(width, height);
    if (!shelf) return false;
    Object.assign(glyph, { shelf, u: shelf.x, v: shelf.y });
    shelf.x += width;
    shelf.lastUsed = this.frame;
    shelf.glyphs.push(glyph);
    for (let row = 0; row < height; row++) {
      this.pixels.set(rgba.subarray(row * width * 4, (row + 1) * width * 4), ((glyph.v + row) * this.width + glyph.u) * 4);
    }
    if (!this.resized) this.patches.push({ x: glyph.u, y: glyph.v, width, height, rgba });
    return true;
  }

  #shelf(width, height) {
    const rounded = (height + 3) & ~3;
    for (const shelf of this.shelves) {
      if (shelf.height >= height && shelf.height <= rounded + 4 && shelf.x + width <= this.width) return shelf;
    }
    while (this.bottom + rounded > this.height && this.height < MAX_HEIGHT) this.#grow();
    if (this.bottom + rounded <= this.height) {
      const shelf = { y: this.bottom, x: 0, height: rounded, lastUsed: this.frame, glyphs: [] };
      this.bottom += rounded;
      this.shelves.push(shelf);
      return shelf;
    }
    let oldest = null;
    for (const shelf of this.shelves) {
      if (shelf.height >= height && shelf.lastUsed < this.frame && (!oldest || shelf.lastUsed < oldest.lastUsed)) oldest = shelf;
    }
    if (!oldest) return null;
    for (const glyph of oldest.glyphs) glyph.shelf = null;
    Object.assign(oldest, { x: 0, glyphs: [] });
    this.evictions++;
    return oldest;
  }

  #grow() {
    this.height *= 2;
    const larger = new Uint8Array(this.width * this.height * 4);
    larger.set(this.pixels);
    this.pixels = larger;
    this.resized = true;
    this.patches = [];
  }
}
