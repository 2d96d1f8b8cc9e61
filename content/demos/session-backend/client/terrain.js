// Draws the round trips as a terrain: the front row is being measured now and fills from left to right; full rows
// move back. Nothing in it is decoration: each dot is one message, its height is the time it took.

const COLUMNS = 56;
const ROWS = 24;

export class Terrain {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.still = matchMedia('(prefers-reduced-motion: reduce)');
    this.clear();
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  clear() {
    /** @type {number[][]} The oldest first; the last one is being filled. */
    this.rows = [[]];
    this.top = 1;
    this.live = false;
    this.draw();
  }

  /** @param {number} milliseconds */
  add(milliseconds) {
    this.live = true;
    const row = this.rows[this.rows.length - 1];
    row.push(milliseconds);
    if (row.length === COLUMNS) {
      this.rows.push([]);
      if (this.rows.length > ROWS + 1) this.rows.shift();
    }
    // The scale follows the slow end of what is shown, so that one hiccup does not flatten everything else.
    const sorted = this.rows.flat().sort((a, b) => a - b);
    const target = Math.max(0.2, sorted[Math.floor(sorted.length * 0.97)] * 1.25);
    this.top += (target - this.top) * 0.08;
    if (!this.still.matches || row.length === COLUMNS || row.length % 10 === 0) this.draw();
  }

  draw() {
    const { canvas, context } = this;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const width = canvas.clientWidth;
    const height = canvas.clientHeight;
    if (width === 0 || height === 0) return;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);

    const filled = this.rows[this.rows.length - 1].length / COLUMNS;
    for (let back = ROWS; back >= 0; back--) {
      const row = this.rows[this.rows.length - 1 - back];
      const shift = this.still.matches ? 0 : filled;
      const depth = 1 - (back - 1 + shift) / ROWS; // 1 in front, 0 far away
      if (depth > 1 + 1 / ROWS || depth < 0) continue;
      this.#row(row ?? [], Math.min(depth, 1), back === 0, width, height);
    }
  }

  #row(row, depth, front, width, height) {
    const { context } = this;
    const y = height * (0.26 + 0.68 * depth ** 1.3);
    const reach = height * (0.12 + 0.16 * depth);
    const spread = 0.9 + 0.35 * depth;
    const size = 1 + 1.5 * depth;
    const fade = Math.min(1, depth * 4) * (0.35 + 0.65 * depth);
    context.lineWidth = 0.75;

    let previous = null;
    for (let column = 0; column < COLUMNS; column++) {
      const u = column / (COLUMNS - 1);
      const x = width * (0.5 + (u - 0.5) * spread);
      const value = row[column];
      if (value === undefined) {
        // Not measured: the ground the terrain will stand on.
        if (front) break;
        context.fillStyle = `hsl(${hue(u, depth)} 60% 62% / ${0.1 + 0.42 * fade})`;
        context.fillRect(x - size / 2, y - size / 2, size, size);
        continue;
      }
      const point = { x, y: y - reach * lift(row, column, this.top) };
      const colour = hue(u, depth);
      if (previous) {
        context.strokeStyle = `hsl(${colour} 90% 60% / ${0.35 * fade})`;
        context.beginPath();
        context.moveTo(previous.x, previous.y);
        context.lineTo(point.x, point.y);
        context.stroke();
      }
      context.fillStyle = `hsl(${colour} 95% ${58 + 8 * depth}% / ${fade})`;
      context.beginPath();
      context.arc(point.x, point.y, size / 2 + 0.4, 0, 2 * Math.PI);
      context.fill();
      previous = point;
    }
    if (front && previous) {
      context.fillStyle = '#ffffff';
      context.beginPath();
      context.arc(previous.x, previous.y, 3, 0, 2 * Math.PI);
      context.fill();
    }
  }
}

/** Height from 0 to 1; a running mean of three keeps a row readable as a line. */
function lift(row, column, top) {
  const value = (row[Math.max(0, column - 1)] + 2 * row[column] + (row[column + 1] ?? row[column])) / 4;
  return Math.min(1.15, value / top) ** 0.85;
}

/** The colours of a UV test texture: blue to yellow far away, violet over red to pink in front. */
function hue(u, v) {
  const far = 215 - 165 * u;
  const near = -70 + 110 * u - 60 * u * u;
  return far + (near - far) * v ** 0.9;
}
