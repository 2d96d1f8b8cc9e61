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
    this.passes = ['shapes', 'glyphs'].map((name) => this.#pass(name, ...GLSL[name]));
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
  }

  #pass(name, vertex, fragment) {
    const { gl } = this;
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(`The shader of ${name} does not link: ${gl.getProgramInfoLog(program)}`);
    const [buffer, array] = [gl.createBuffer(), gl.createVertexArray()];
    gl.bindVertexArray(array);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    for (let i = 0; i < 5; i++) {
      gl.enableVertexAttribArray(i);
      gl.vertexAttribDivisor(i, 1);
    }
    gl.vertexAttribPointer(0, 4, gl.FLOAT, false, STRIDE, 0);
    gl.vertexAttribPointer(1, 4, gl.FLOAT, false, STRIDE, 16);
    gl.vertexAttribPointer(2, 4, gl.UNSIGNED_BYTE, true, STRIDE, 32);
    gl.vertexAttribPointer(3, 4, gl.UNSIGNED_BYTE, true, STRIDE, 36);
    gl.vertexAttribIPointer(4, 4, gl.UNSIGNED_SHORT, STRIDE, 40);
    return { name, program, buffer, array, viewport: gl.getUniformLocation(program, 'viewport'), capacity: 0 };
  }

  /** Pixels of the atlas: all of them where it was made anew, else what was added. */
  upload(atlas) {
    const { gl } = this;
    if (atlas.resized) gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, atlas.width, atlas.height, 0, gl.RGBA, gl.UNSIGNED_BYTE, atlas.pixels);
    else for (const { x, y, width, height, rgba } of atlas.patches) gl.texSubImage2D(gl.TEXTURE_2D, 0, x, y, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
  }

  /** @param {[number, number, number]} ground 0 to 1 */
  draw(painter, [red, green, blue]) {
    const { gl } = this;
    gl.viewport(0, 0, painter.width, painter.height);
    gl.clearColor(red, green, blue, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    for (const pass of this.passes) {
      const list = painter[pass.name];
      gl.useProgram(pass.program);
      gl.uniform2f(pass.viewport, painter.width, painter.height);
      gl.bindVertexArray(pass.array);
      gl.bindBuffer(gl.ARRAY_BUFFER, pass.buffer);
      if (pass.capacity < list.capacity) {
        pass.capacity = list.capacity;
        gl.bufferData(gl.ARRAY_BUFFER, list.buffer.byteLength, gl.STREAM_DRAW);
      }
      gl.bufferSubData(gl.ARRAY_BUFFER, 0, list.words, 0, list.count * WORDS);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, list.count);
    }
  }

  /** What a broken driver does. For tests. */
  lose() {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  close() {
    this.lose(); // the memory is given back now, not when somebody collects garbage
  }
}
