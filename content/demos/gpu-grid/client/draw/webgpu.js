import { WGSL } from './shaders.js';
import { WORDS } from './painter.js';

/** The painter's lists drawn with WebGPU. */
export class WebGPU {
  static title = 'WebGPU';

  /**
   * WebGPU throws next to nothing: what a driver refuses is told later, to whoever asks, and until then draws nothing. So it is asked before it is relied on.
   * @param {() => void} lost the device is gone @param {(why: string) => void} broken it is there, and refuses what it is given
   * @throws where the browser has none, nothing to run it on, or a driver that refuses what is drawn with
   */
  static async open(canvas, lost, broken) {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'low-power' });
    if (!adapter) throw new Error('This browser gives no WebGPU adapter.');
    const device = await adapter.requestDevice();
    try {
      const context = canvas.getContext('webgpu');
      if (!context) throw new Error('This browser gives no WebGPU context.');
      const format = navigator.gpu.getPreferredCanvasFormat();
      device.pushErrorScope('validation');
      context.configure({ device, format, alphaMode: 'opaque' });
      const refused = device.popErrorScope();
      const [shapes, glyphs] = await Promise.all(['shapes', 'glyphs'].map((name) => pipeline(device, name, format)));
      const error = await refused;
      if (error) throw error;
      const opened = new WebGPU(context, device, format, { shapes, glyphs });
      device.addEventListener('uncapturederror', (event) => opened.closed || broken(firstLine(event.error)));
      device.lost.then(() => opened.closed || lost());
      return opened;
    } catch (error) {
      device.destroy();
      throw new Error(firstLine(error), { cause: error });
    }
  }

  constructor(context, device, format, pipelines) {
    Object.assign(this, { context, device, format, pipelines, closed: false, texture: null });
    this.lists = Object.fromEntries(['tiles', 'shapes', 'glyphs'].map((name) => [name, { buffer: null, capacity: 0 }]));
    [this.screen, this.layerSize] = [0, 0].map(() => device.createBuffer({ size: 8, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST }));
    this.layer = null;
  }

  upload(atlas) {
    const { device } = this;
    const write = (x, y, width, height, rgba) =>
      device.queue.writeTexture({ texture: this.texture, origin: [x, y] }, rgba, { bytesPerRow: width * 4 }, [width, height]);
    if (atlas.resized || !this.texture) {
      this.texture?.destroy();
      this.texture = device.createTexture({ size: [atlas.width, atlas.height], format: 'rgba8unorm', usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST });
      this.bound = null;
      write(0, 0, atlas.width, atlas.height, atlas.pixels);
    } else {
      for (const { x, y, width, height, rgba } of atlas.patches) write(x, y, width, height, rgba);
    }
  }

  draw(painter, [r, g, b]) {
    const { device } = this;
    for (const name of ['tiles', 'shapes', 'glyphs']) this.#upload(this.lists[name], painter[name]);
    device.queue.writeBuffer(this.screen, 0, new Float32Array([painter.width, painter.height]));
    if (painter.layer.width > 0 && (this.layer?.width !== painter.layer.width || this.layer.height !== painter.layer.height)) this.#newLayer(painter.layer);
    this.bound ??= this.#bind();
    const encoder = device.createCommandEncoder();
    if (painter.shapes.split > 0) {
      const target = encoder.beginRenderPass({ colorAttachments: [{ view: this.layer.createView(), loadOp: 'load', storeOp: 'store' }] });
      this.#pass(target, 'shapes', 'shapes', this.bound.layerShapes, 0, painter.shapes.split);
      this.#pass(target, 'glyphs', 'glyphs', this.bound.layerGlyphs, 0, painter.glyphs.split);
      target.end();
    }
    const target = encoder.beginRenderPass({
      colorAttachments: [{ view: this.context.getCurrentTexture().createView(), clearValue: { r, g, b, a: 1 }, loadOp: 'clear', storeOp: 'store' }],
    });
    this.#pass(target, 'tiles', 'glyphs', this.bound.tiles, 0, painter.tiles.count);
    this.#pass(target, 'shapes', 'shapes', this.bound.shapes, painter.shapes.split, painter.shapes.count);
    this.#pass(target, 'glyphs', 'glyphs', this.bound.glyphs, painter.glyphs.split, painter.glyphs.count);
    target.end();
    device.queue.submit([encoder.finish()]);
  }

  #newLayer({ width, height }) {
    const { device } = this;
    this.layer?.destroy();
    this.layer = device.createTexture({ size: [width, height], format: this.format, usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.RENDER_ATTACHMENT });
    device.queue.writeBuffer(this.layerSize, 0, new Float32Array([width, height]));
    this.bound = null;
  }

  #bind() {
    const group = (name, size, texture) => this.device.createBindGroup({
      layout: this.pipelines[name].getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: size } }, ...(texture ? [{ binding: 1, resource: texture.createView() }] : [])],
    });
    return {
      shapes: group('shapes', this.screen), glyphs: group('glyphs', this.screen, this.texture), layerShapes: group('shapes', this.layerSize),
      layerGlyphs: group('glyphs', this.layerSize, this.texture), tiles: this.layer && group('glyphs', this.screen, this.layer),
    };
  }

  #upload(own, list) {
    if (list.count === 0) return;
    if (own.capacity < list.capacity) {
      own.buffer?.destroy();
      own.capacity = list.capacity;
      own.buffer = this.device.createBuffer({ size: list.buffer.byteLength, usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST });
    }
    this.device.queue.writeBuffer(own.buffer, 0, list.buffer, 0, list.count * WORDS * 4);
  }

  #pass(target, list, pipeline, bound, from, to) {
    if (to <= from) return;
    target.setPipeline(this.pipelines[pipeline]);
    target.setBindGroup(0, bound);
    target.setVertexBuffer(0, this.lists[list].buffer);
    target.draw(4, to - from, 0, from);
  }

  lose() {
    this.device.destroy();
  }

  close() {
    this.closed = true;
    this.device.destroy();
  }
}

/** @throws where the driver, or the browser before it, refuses the shader */
async function pipeline(device, name, format) {
  device.pushErrorScope('validation');
  const module = device.createShaderModule({ code: WGSL[name] });
  const refused = device.popErrorScope();
  const blend = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' };
  const made = device.createRenderPipelineAsync({
    layout: 'auto',
    vertex: {
      module,
      buffers: [{
        arrayStride: WORDS * 4,
        stepMode: 'instance',
        attributes: [
          { shaderLocation: 0, offset: 0, format: 'float32x4' }, { shaderLocation: 1, offset: 16, format: 'float32x4' },
          { shaderLocation: 2, offset: 32, format: 'unorm8x4' }, { shaderLocation: 3, offset: 36, format: 'unorm8x4' },
          { shaderLocation: 4, offset: 40, format: 'uint16x4' },
        ],
      }],
    },
    fragment: { module, targets: [{ format, blend: { color: blend, alpha: blend } }] },
    primitive: { topology: 'triangle-strip' },
  });
  made.catch(() => {}); // the shader's own error says more
  const error = await refused;
  if (error) throw error;
  return made;
}

const firstLine = (error) => error.message.trim().split('\n')[0];
