import { GLSL_FRAGMENT, GLSL_VERTEX } from './shaders.js';
import { WORDS } from './painter.js';

const STRIDE = WORDS * 4;

/** The painter's list drawn with WebGL 2. */
export class WebGL2 {
  static title = 'WebGL 2';

  /** @returns {Promise<WebGL2>} @throws where the browser has none */
  static async open(canvas, lost) {
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, stencil: false, powerPreference: 'low-power' });
    if (!gl) throw new Error('This browser gives no WebGL 2 context.');
    return new WebGL2(canvas, gl, lost);
  }

  constructor(canvas, gl, lost) {
    Object.assign(this, { canvas, gl, capacity: 0 });
    canvas.addEventListener('webglcontextlost', lost, { once: true });
    const program = gl.createProgram();
    for (const [type, source] of [[gl.VERTEX_SHADER, GLSL_VERTEX], [gl.FRAGMENT_SHADER, GLSL_FRAGMENT]]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) throw new Error(`The shader does not link: ${gl.getProgramInfoLog(program)}`);
    gl.useProgram(program);
    this.viewport = gl.getUniformLocation(program, 'viewport');
    gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
    for (let i = 0; i < 5; i++) {
      gl.enableVertexAttribArray(i);
      gl.vertexAttribDivisor(i, 1);
    }
    gl.vertexAttribPointer(0, 4, gl.FLOAT, false, STRIDE, 0);
    gl.vertexAttribPointer(1, 4, gl.FLOAT, false, STRIDE, 16);
    gl.vertexAttribPointer(2, 4, gl.UNSIGNED_BYTE, true, STRIDE, 32);
    gl.vertexAttribPointer(3, 4, gl.UNSIGNED_BYTE, true, STRIDE, 36);
    gl.vertexAttribIPointer(4, 4, gl.UNSIGNED_SHORT, STRIDE, 40);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
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
    gl.uniform2f(this.viewport, painter.width, painter.height);
    if (this.capacity < painter.capacity) {
      this.capacity = painter.capacity;
      gl.bufferData(gl.ARRAY_BUFFER, painter.buffer.byteLength, gl.STREAM_DRAW);
    }
    gl.bufferSubData(gl.ARRAY_BUFFER, 0, painter.words, 0, painter.count * WORDS);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, painter.count);
  }

  /** What a broken driver does. For tests. */
  lose() {
    this.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  close() {
    this.lose(); // the memory is given back now, not when somebody collects garbage
  }
}
