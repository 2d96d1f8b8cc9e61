// From a string to glyphs. The browser's own 2D canvas rasterises them, so every script it can write can be written here; a letter is rasterised
// once for each quarter of a pixel at which it may begin, and drawn from the atlas ever after.

/** Scripts whose letters join or are reordered: such a stretch is rasterised as a whole, because only the shaper knows how. */
const JOINED = /[\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Thai}\p{Script=Lao}\p{Script=Tibetan}\p{Script=Myanmar}\p{Script=Khmer}\p{Script=Mongolian}]/u;
/** Scripts written from the right: from the first such letter to the last, numbers between them included, the order is the shaper's too. */
const RIGHT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const WIDEST = 1000;
const RUNS = 6000;
const CLUSTERS = 40_000;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** @returns {string[]} what is rasterised as one piece each, in the order it stands from left to right */
export function clustersOf(text) {
  if (/^[\x20-\x7e]*$/.test(text)) return text.split('');
  const pieces = [...graphemes.segment(text)].map(({ segment }) => segment);
  const right = pieces.map((piece) => RIGHT.test(piece));
  const [first, last] = [right.indexOf(true), right.lastIndexOf(true)];
  const joined = [];
  pieces.forEach((piece, i) => {
    const within = first >= 0 && i > first && i <= last;
    const follows = i > 0 && JOINED.test(piece) && JOINED.test(pieces[i - 1]);
    if (joined.length > 0 && (within || follows) && joined.at(-1).length < 120) joined[joined.length - 1] += piece;
    else joined.push(piece);
  });
  return joined;
}

/** One typeface at one size, in device pixels. */
export class Font {
  /** @param {string} css without the size: '500 SIZE "Geist Mono"' @param {boolean} snapped every letter begins at a whole pixel, as long as it is of the typeface itself */
  constructor(raster, css, size, ratio, snapped) {
    this.raster = raster;
    this.css = css.replace('SIZE', `${size * ratio}px`);
    const natural = raster.advance(this.css, '0');
    /** Added behind each letter: an input laid over the picture is given the same. In CSS pixels. */
    this.spacing = snapped ? (Math.round(natural) - natural) / ratio : 0;
    this.gap = this.spacing * ratio;
    this.advance = natural + this.gap;
    this.clusters = new Map();
    this.runs = new Map();
  }

  /** @returns {{ width: number, clusters: object[], xs: Float32Array }} in device pixels */
  run(text) {
    let run = this.runs.get(text);
    if (run) return run;
    if (this.runs.size >= RUNS) this.runs.clear();
    if (this.clusters.size >= CLUSTERS) this.clusters.clear();
    const pieces = clustersOf(text);
    const [clusters, xs] = [new Array(pieces.length), new Float32Array(pieces.length)];
    let x = 0;
    pieces.forEach((piece, i) => {
      let cluster = this.clusters.get(piece);
      if (!cluster) this.clusters.set(piece, (cluster = { text: piece, advance: this.raster.advance(this.css, piece) + this.gap * [...piece].length, glyphs: [null, null, null, null] }));
      clusters[i] = cluster;
      xs[i] = x;
      x += cluster.advance;
    });
    run = { width: x, clusters, xs };
    this.runs.set(text, run);
    return run;
  }

  /** The glyph of a cluster that begins `quarter` quarters of a pixel behind a whole one; null where the atlas has no room left in this frame. */
  glyph(cluster, quarter) {
    const glyph = (cluster.glyphs[quarter] ??= { shelf: null, u: 0, v: 0, width: 0, height: 0, left: 0, top: 0, coloured: 0, empty: false });
    if (glyph.empty || glyph.shelf) return glyph;
    return this.raster.draw(this.css, cluster.text, quarter / 4, glyph) ? glyph : null;
  }
}

/** Letters drawn on a small 2D canvas and carried into the atlas. */
export class Raster {
  constructor(atlas) {
    this.atlas = atlas;
    this.canvas = document.createElement('canvas');
    Object.assign(this.canvas, { width: 1024, height: 128 });
    this.context = this.canvas.getContext('2d', { willReadFrequently: true });
    this.font = '';
  }

  #use(css) {
    if (this.font === css) return;
    this.context.font = this.font = css;
    this.context.textBaseline = 'alphabetic';
    this.context.fillStyle = '#fff';
  }

  advance(css, text) {
    this.#use(css);
    return this.context.measureText(text).width;
  }

  draw(css, text, offset, glyph) {
    this.#use(css);
    const { context } = this;
    const box = context.measureText(text);
    const left = Math.floor(-box.actualBoundingBoxLeft) - 1;
    const top = Math.ceil(box.actualBoundingBoxAscent) + 1;
    const width = Math.min(WIDEST, Math.ceil(box.actualBoundingBoxRight + offset) + 1 - left);
    const height = Math.min(this.canvas.height, top + Math.ceil(box.actualBoundingBoxDescent) + 1);
    if (!(box.actualBoundingBoxRight + box.actualBoundingBoxLeft > 0) || width <= 0 || height <= 0) {
      glyph.empty = true;
      return true;
    }
    context.clearRect(0, 0, width, height);
    context.fillText(text, offset - left, top);
    const { data } = context.getImageData(0, 0, width, height);
    const rgba = new Uint8Array(data.buffer);
    Object.assign(glyph, { width, height, left, top, coloured: isColoured(rgba) ? 1 : 0 });
    return this.atlas.add(glyph, width, height, rgba);
  }
}

// It was drawn in white; what is not white has colours of its own.
function isColoured(rgba) {
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i + 3] > 128 && Math.min(rgba[i], rgba[i + 1], rgba[i + 2]) < 224) return true;
  }
  return false;
}
