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
  #draws = [];
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
   * Begins a picture; one that was begun before is given up.
   * @param {number} most Points that may be drawn of all there are.
   * @param {number} inView And of those in view, how many: fewer are drawn larger.
   * @returns {boolean} Whether that makes them fewer.
   */
  begin(camera, most, inView, width, height) {
    if (this.canvas.width !== width || this.canvas.height !== height) [this.canvas.width, this.canvas.height] = [width, height];
    this.#drawn.resize(width, height);
    this.#filled.resize(width, height);
    const view = project(camera, width, height);
    const all = Math.min(most / this.#cloud.count, this.layers / LAYERS);
    const there = visible(this.#cloud, view, all).reduce((sum, { tile }) => sum + tile.blocks * BLOCK * all, 0);
    const share = all * Math.min(1, inView / Math.max(1, there));
    this.#draws = this.#choose(view, share);
    this.#clear(view);
    return share < all;
  }

  /**
   * Goes on with it, in the order of the pages, so that whoever changes their mind waits for no more than this.
   * @param {number} most So many points, and the rest of the tile.
   * @returns {{ drawn: number, isDone: boolean }} How many were drawn; whether the picture is there.
   */
  step(most) {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#drawn.framebuffer);
    gl.depthFunc(gl.LESS);
    gl.useProgram(this.#points.program);
    let drawn = 0;
    while (this.#draws.length && drawn < most) {
      const { page, tile, splat, start, points } = this.#draws.pop();
      gl.bindVertexArray(page.array);
      gl.uniform3f(this.#points.uniforms.tile, tile.x, tile.y, splat);
      gl.drawArrays(gl.POINTS, start, points);
      drawn += points;
    }
    if (this.#draws.length) return { drawn, isDone: false };
    this.#pass(this.#fill, this.#drawn, this.#filled.framebuffer);
    this.#pass(this.#light, this.#filled, null);
    return { drawn, isDone: true };
  }

  /** Resolves when what was asked for is drawn. Asked for without waiting, it would pile up, and everything else the card draws, this page too, would wait behind it. */
  async finished() {
    const gl = this.#gl;
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    do await new Promise((resolve) => setTimeout(resolve, 1));
    while (sync && !this.lost && gl.clientWaitSync(sync, 0, 0) === gl.TIMEOUT_EXPIRED);
    gl.deleteSync(sync);
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

  /** What is drawn of each tile, the last one first. */
  #choose(view, share) {
    const numbers = new Map(this.#cloud.tiles.map((tile, i) => [tile, i]));
    const seen = visible(this.#cloud, view, share);
    const draws = [];
    for (const page of this.#pages) {
      for (const { tile, splat } of seen) {
        const i = numbers.get(tile);
        const blocks = Math.min(Math.trunc(tile.blocks * share), page.ends[i]) - page.firsts[i];
        if (blocks > 0) draws.push({ page, tile, splat, start: page.starts[i], points: blocks * BLOCK });
      }
    }
    return draws.reverse();
  }

  #clear(view) {
    const gl = this.#gl;
    const { column, row, depth, size, reach } = this.#points.uniforms;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#drawn.framebuffer);
    gl.viewport(0, 0, view.width, view.height);
    gl.enable(gl.DEPTH_TEST);
    gl.depthMask(true);
    gl.clearDepth(1);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    gl.useProgram(this.#points.program);
    gl.uniform4fv(column, view.column);
    gl.uniform4fv(row, view.row);
    gl.uniform4fv(depth, view.depth);
    gl.uniform2f(size, view.width, view.height);
    gl.uniform2f(reach, NEAR, FAR);
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
