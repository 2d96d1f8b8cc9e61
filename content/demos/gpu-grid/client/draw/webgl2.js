import { GLSL } from './shaders.js';
import { WORDS } from './painter.js';

const STRIDE = WORDS * 4;

/** The painter's lists drawn with WebGL 2. */
export class WebGL2 {
  static title = 'WebGL 2';

  /** @returns {Promise<WebGL2>} @throws where the browser has none */
  static async open(canvas, lost) {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, stencil: false, powerPreference: 'low-power' });
    if (!gl) throw new Error('This browser gives no WebGL 2 context.');
    return new WebGL2(canvas, gl, lost);
  }

  constructor(canvas, gl, lost) {
    this.gl = gl;
    canvas.addEventListener('webglcontextlost', lost, { once: true });
    this.programs = { shapes: this.#program(...GLSL.shapes), glyphs: this.#program(...GLSL.glyphs) };
    this.lists = Object.fromEntries(['tiles', 'shapes', 'glyphs'].map((name) => [name, { buffer: gl.createBuffer(), array: gl.createVertexArray(), capacity: 0 }]));
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    [this.atlas, this.layer] = [this.#texture(), this.#texture()];
    this.frame = gl.createFramebuffer();
    this.layerSize = '';
  }

  #texture() {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
    return texture;
  }

  #program(vertex, fragment) {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(`A shader does not link: ${gl.getProgramInfoLog(program)}`);
    return { program, viewport: gl.getUniformLocation(program, 'viewport') };
  }

  /** Where a list's instances begin: WebGL has no first instance to give. */
  #from(first) {
    const { gl } = this;
    const at = first * STRIDE;
    for (let i = 0; i < 5; i++) {
      gl.enableVertexAttribArray(i);
      gl.vertexAttribDivisor(i, 1);
    }
    gl.vertexAttribPointer(0, 4, gl.FLOAT, false, STRIDE, at);
    gl.vertexAttribPointer(1, 4, gl.FLOAT, false, STRIDE, at + 16);
    gl.vertexAttribPointer(2, 4, gl.UNSIGNED_BYTE, true, STRIDE, at + 32);
    gl.vertexAttribPointer(3, 4, gl.UNSIGNED_BYTE, true, STRIDE, at + 36);
    gl.vertexAttribIPointer(4, 4, gl.UNSIGNED_SHORT, STRIDE, at + 40);
  }

  /** Pixels of the atlas: all of them where it was made anew, else what was added. */
  upload(atlas) {
    const { gl } = this;
    gl.bindTexture(gl.TEXTURE_2D, this.atlas);
    if (atlas.resized) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, atlas.width, atlas.height, 0, gl.RGBA, gl.UNSIGNED_BYTE, atlas.pixels);
    else for (const { x, y, width, height, rgba } of atlas.patches) gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  }

  /** @param {[number, number, number]} ground 0 to 1 */
  draw(painter, [red, green, blue]) {
    const { gl } = this;
    for (const name of ['tiles', 'shapes', 'glyphs']) this.#upload(this.lists[name], painter[name]);
    if (painter.shapes.split > 0) this.#layer(painter);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, painter.width, painter.height);
    gl.clearColor(red, green, blue, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const size = [painter.width, painter.height, 1];
    this.#pass('tiles', 'glyphs', this.layer, size, 0, painter.tiles.count);
    this.#pass('shapes', 'shapes', null, size, painter.shapes.split, painter.shapes.count);
    this.#pass('glyphs', 'glyphs', this.atlas, size, painter.glyphs.split, painter.glyphs.count);
  }

  /** What will only be moved from now on. */
  #layer(painter) {
    const { gl } = this;
    const { width, height } = painter.layer;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.frame);
    if (this.layerSize !== `${width} ${height}`) {
      this.layerSize = `${width} ${height}`;
      gl.bindTexture(gl.TEXTURE_2D, this.layer);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, width, height, 0, gl.RGBA, gl.UNSIGNED_BYTE, null);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.layer, 0);
    }
    gl.viewport(0, 0, width, height);
    const size = [width, height, -1];
    this.#pass('shapes', 'shapes', null, size, 0, painter.shapes.split);
    this.#pass('glyphs', 'glyphs', this.atlas, size, 0, painter.glyphs.split);
  }

  #upload(own, list) {
    const { gl } = this;
    if (list.count === 0) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, own.buffer);
    if (own.capacity < list.capacity) {
      own.capacity = list.capacity;
      gl.bufferData(gl.ARRAY_BUFFER, list.buffer.byteLength, gl.STREAM_DRAW);
    }
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, list.words, 0, list.count * WORDS);
  }

  #pass(name, program, texture, size, from, to) {
    if (to <= from) return;
    const { gl } = this;
    gl.useProgram(this.programs[program].program);
    gl.uniform3f(this.programs[program].viewport, ...size);
    if (texture) gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.bindVertexArray(this.lists[name].array);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.lists[name].buffer);
    this.#from(from);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, to - from);
  }

  /** What a broken driver does. For tests. */
  lose() {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  close() {
    this.lose(); // the memory is given back now, not when somebody collects garbage
  }
}
