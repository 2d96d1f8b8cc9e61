// The little of WebGL that every renderer writes again.

/** The graphics card, or its driver, cannot go on. The message is for people. */
export class GraphicsError extends Error {}

/** @throws {GraphicsError} Something went wrong since it was last asked; memory, in all likelihood. */
export function check(gl) {
  const error = gl.getError();
  if (error === gl.OUT_OF_MEMORY) throw new GraphicsError('Your graphics card has no memory left for so many points.');
  if (error !== gl.NO_ERROR && error !== gl.CONTEXT_LOST_WEBGL) throw new GraphicsError(`Your graphics driver refused to go on (error ${error}).`);
}

/** @throws {Error} The driver does not take a shader; the message is its own. */
export function program(gl, { vertex, fragment }, names) {
  const made = gl.createProgram();
  if (!made) throw new GraphicsError('Your graphics card is not to be had now.');
  for (const [type, source] of [[gl.VERTEX_SHADER, vertex], [gl.FRAGMENT_SHADER, fragment]]) {
    const shader = gl.createShader(type);
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(made, shader);
  }
  gl.bindAttribLocation(made, 0, 'place');
  gl.linkProgram(made);
  if (!gl.getProgramParameter(made, gl.LINK_STATUS)) {
    throw new Error(gl.getAttachedShaders(made).map((shader) => gl.getShaderInfoLog(shader)).join('\n') || gl.getProgramInfoLog(made));
  }
  return { program: made, uniforms: Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(made, name)])) };
}

/** Colours and depths to draw into, and to read from afterwards. */
export function surface(gl) {
  const [colours, depths, framebuffer] = [gl.createTexture(), gl.createTexture(), gl.createFramebuffer()];
  let [width, height] = [0, 0];
  const allocate = (texture, format, layout, type, attachment) => {
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, format, width, height, 0, layout, type, null);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, attachment, gl.TEXTURE_2D, texture, 0);
  };
  return {
    framebuffer,
    resize(w, h) {
      if (w === width && h === height) return;
      [width, height] = [w, h];
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      allocate(colours, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, gl.COLOR_ATTACHMENT0);
      allocate(depths, gl.DEPTH_COMPONENT24, gl.DEPTH_COMPONENT, gl.UNSIGNED_INT, gl.DEPTH_ATTACHMENT);
      check(gl);
    },
    bind(colourUniform, depthUniform) {
      [[colours, colourUniform], [depths, depthUniform]].forEach(([texture, uniform], unit) => {
        gl.activeTexture(gl.TEXTURE0 + unit);
        gl.bindTexture(gl.TEXTURE_2D, texture);
        gl.uniform1i(uniform, unit);
      });
    },
  };
}
