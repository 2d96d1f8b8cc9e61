// Draws the points here, with WebGL 2: they come from the backend once, and stay.

import { NEAR, FAR, project } from './camera.js';
import { Cloud, LAYERS, BLOCK, visible } from './cloud.js';
import { POINTS, FILL, LIGHT } from './shaders.js';
import { GraphicsError, check, program, surface } from './webgl.js';

/** The points lie in so many buffers, so that few points need little memory. */
const PAGES = 4;
const PER_PAGE = LAYERS / PAGES;
const POINT_BYTES = 8;

/** What the browser says draws it. */
function nameOf(gl) {
  const about = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(about ? about.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  return /SwiftShader/.test(name) ? 'WebGL 2, SwiftShader (no GPU)' : `WebGL 2, ${name.replace(/^ANGLE \((.*)\)$/, '$1').split(',').slice(0, 2).join(',').slice(0, 60)}`;
}

export class LocalRenderer {
  #gl;
  #points;
  #fill;
  #light;
  #drawn;
  #filled;
  #pages = [];
  #cloud = null;
  layers = 0;
  /** Cannot be used any more: begin with another one, on another canvas. */
  lost = false;

  /**
   * @param {HTMLCanvasElement} canvas One that nothing was drawn on.
   * @param {() => void} onLost The browser took the graphics card away: a driver that was restarted, a card that was unplugged, too many pages.
   * @throws {GraphicsError} It cannot draw here.
   */
  constructor(canvas, onLost) {
    this.canvas = canvas;
    const gl = (this.#gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, powerPreference: 'high-performance', preserveDrawingBuffer: true }));
    if (!gl) throw new GraphicsError('This browser has no WebGL 2, or will not give it now.');
    canvas.addEventListener('webglcontextlost', () => {
      if (this.lost) return;
      this.lost = true;
      onLost();
    });
    this.#points = program(gl, POINTS, ['column', 'row', 'depth', 'tile', 'size', 'reach']);
    this.#fill = program(gl, FILL, ['colours', 'depths', 'reach']);
    this.#light = program(gl, LIGHT, ['colours', 'depths', 'reach']);
    [this.#drawn, this.#filled] = [surface(gl), surface(gl)];
    this.name = nameOf(gl);
  }

  get count() {
    return this.#cloud?.count ?? 0;
  }

  get isReady() {
    return this.layers > 0 && !this.lost;
  }

  plan(buffer) {
    this.#cloud = new Cloud(buffer);
  }

  /**
   * The next layer, as it came.
   * @throws {GraphicsError} There is no memory for it.
   */
  add(buffer) {
    const gl = this.#gl;
    const layer = this.layers;
    const page = (this.#pages[Math.floor(layer / PER_PAGE)] ??= this.#makePage(Math.floor(layer / PER_PAGE)));
    const bytes = new Uint8Array(buffer);
    gl.bindBuffer(gl.ARRAY_BUFFER, page.buffer);
    let from = 0;
    this.#cloud.tiles.forEach((tile, i) => {
      const [first, end] = Cloud.blocks(tile, layer);
      const length = (end - first) * BLOCK * POINT_BYTES;
      if (length > 0) gl.bufferSubData(gl.ARRAY_BUFFER, (page.starts[i] + (first - page.firsts[i]) * BLOCK) * POINT_BYTES, bytes, from, length);
      from += length;
    });
    this.layers++;
  }

  /**
   * @param {number} most Points that may be drawn in all.
   * @returns {number} How many were.
   */
  render(camera, most, width, height) {
    const gl = this.#gl;
    if (this.canvas.width !== width || this.canvas.height !== height) [this.canvas.width, this.canvas.height] = [width, height];
    this.#drawn.resize(width, height);
    this.#filled.resize(width, height);
    const drawn = this.#drawPoints(project(camera, width, height), Math.min(most / this.#cloud.count, this.layers / LAYERS));
    this.#pass(this.#fill, this.#drawn, this.#filled.framebuffer);
    this.#pass(this.#light, this.#filled, null);
    return drawn;
  }

  /** Waits until what was asked for is drawn: without it, a slow card looks fast until its queue is full. */
  finish() {
    this.#gl.readPixels(0, 0, 1, 1, this.#gl.RGBA, this.#gl.UNSIGNED_BYTE, new Uint8Array(4));
  }

  dispose() {
    this.lost = true;
    this.#gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  #makePage(number) {
    const gl = this.#gl;
    const [starts, firsts, ends] = [[], [], []];
    let points = 0;
    for (const tile of this.#cloud.tiles) {
      const [first] = Cloud.blocks(tile, number * PER_PAGE);
      const [, end] = Cloud.blocks(tile, (number + 1) * PER_PAGE - 1);
      starts.push(points);
      firsts.push(first);
      ends.push(end);
      points += (end - first) * BLOCK;
    }
    const buffer = gl.createBuffer();
    const array = gl.createVertexArray();
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, points * POINT_BYTES, gl.STATIC_DRAW);
    check(gl);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 4, gl.UNSIGNED_SHORT, false, POINT_BYTES, 0);
    return { buffer, array, starts, firsts, ends };
  }

  #drawPoints(view, share) {
    const gl = this.#gl;
    const { column, row, depth, tile: place, size, reach } = this.#points.uniforms;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#drawn.framebuffer);
    gl.viewport(0, 0, view.width, view.height);
    gl.enable(gl.DEPTH_TEST);
    gl.depthFunc(gl.LESS);
    gl.depthMask(true);
    gl.clearDepth(1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.useProgram(this.#points.program);
    gl.uniform4fv(column, view.column);
    gl.uniform4fv(row, view.row);
    gl.uniform4fv(depth, view.depth);
    gl.uniform2f(size, view.width, view.height);
    gl.uniform2f(reach, NEAR, FAR);
    const seen = visible(this.#cloud, view, share);
    const numbers = new Map(this.#cloud.tiles.map((tile, i) => [tile, i]));
    let drawn = 0;
    for (const page of this.#pages) {
      gl.bindVertexArray(page.array);
      for (const { tile, splat } of seen) {
        const i = numbers.get(tile);
        const blocks = Math.min(Math.trunc(tile.blocks * share), page.ends[i]) - page.firsts[i];
        if (blocks <= 0) continue;
        gl.uniform3f(place, tile.x, tile.y, splat);
        gl.drawArrays(gl.POINTS, page.starts[i], blocks * BLOCK);
        drawn += blocks * BLOCK;
      }
    }
    return drawn;
  }

  #pass({ program, uniforms }, from, to) {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, to);
    gl.depthFunc(gl.ALWAYS);
    gl.useProgram(program);
    from.bind(uniforms.colours, uniforms.depths);
    gl.uniform2f(uniforms.reach, NEAR, FAR);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}
