import { count, short } from '../format.js';
import { bars } from './bars.js';
import { choose } from './choose.js';
import { heat } from './heat.js';
import { lines } from './lines.js';
import { map, points } from './points.js';
import { svg } from './svg.js';

const DRAWN = { bars, heat, lines, map, points, figure };

/**
 * Draws an answer into a place, as large as the place is, and again when that changes. The picture says in words what it shows; every number of it is in the
 * table beside it.
 */
export class Chart {
  #place;
  #table = null;
  #spec = null;

  constructor(place) {
    this.#place = place;
    new ResizeObserver(() => this.#draw()).observe(place);
  }

  /** @returns {string | null} Why there is no chart; null where there is one. */
  show(table) {
    [this.#table, this.#spec] = [table, choose(table)];
    this.#draw();
    return this.#spec.kind === 'none' ? this.#spec.why : null;
  }

  clear() {
    this.#table = null;
    this.#place.replaceChildren();
  }

  #draw() {
    const size = { width: this.#place.clientWidth, height: this.#place.clientHeight };
    if (!this.#table || this.#spec.kind === 'none') return this.#place.replaceChildren();
    if (size.width < 80 || size.height < 60) return;
    const { says, elements } = DRAWN[this.#spec.kind](this.#table, this.#spec, size);
    const stops = ['#5b6cff', '#27c4e8', '#3fdc8a', '#f2e34b', '#ff8a3d', '#ff3d81', '#b04bff'];
    const gradient = svg('linearGradient', { id: 'uv', gradientUnits: 'userSpaceOnUse', x1: 0, x2: size.width, y1: 0, y2: 0 },
      ...stops.map((color, i) => svg('stop', { offset: i / (stops.length - 1), 'stop-color': color })));
    this.#place.replaceChildren(svg('svg', {
      role: 'img', 'aria-label': says, 'data-chart': this.#spec.kind, width: size.width, height: size.height, viewBox: `0 0 ${size.width} ${size.height}`,
    }, svg('defs', {}, gradient), ...elements));
  }
}

/** One row: its numbers, large. */
function figure({ fields, rows: [row] }, { measures }, { width, height }) {
  const each = width / measures.length;
  const text = (value) => (value === null ? 'NULL' : Number.isInteger(value) || typeof value === 'bigint' ? count(value) : short(value));
  const size = Math.min(height / 3, 64, ...measures.map((i) => (each * 1.5) / Math.max(text(row[i]).length, 4)));
  return {
    says: measures.map((i) => `${fields[i].name}: ${text(row[i])}`).join(', '),
    elements: measures.map((i, k) => svg('g', { class: 'figure' },
      svg('text', { x: each * (k + 0.5), y: height / 2, 'text-anchor': 'middle', 'font-size': size, fill: 'url(#uv)' }, text(row[i])),
      svg('text', { class: 'name', x: each * (k + 0.5), y: height / 2 + size * 0.6, 'text-anchor': 'middle' }, fields[i].name))),
  };
}
