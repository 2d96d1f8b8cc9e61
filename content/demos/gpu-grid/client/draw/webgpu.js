import { WGSL } from './shaders.js';
import { WORDS } from './painter.js';

/** The painter's lists drawn with WebGPU. */
export class WebGPU {
  static title = 'WebGPU';

  /** @throws where the browser has none, or nothing to run it on */
  static async open(canvas, lost) {
    const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'low-power' });
    if (!adapter) throw new Error('This browser gives no WebGPU adapter.');
    const device = await adapter.requestDevice();
    const context = canvas.getContext('webgpu');
    if (!context) throw new Error('This browser gives no WebGPU context.');
    const opened = new WebGPU(context, device);
    device.lost.then(() => opened.closed || lost());
    return opened;
  }

  constructor(context, device) {
    Object.assign(this, { context, device, closed: false, texture: null });
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'opaque' });
    this.passes = ['shapes', 'glyphs'].map((name) => ({ name, pipeline: this.#pipeline(name, format), capacity: 0, instances: null, bound: null }));
    this.viewport = device.createBuffer({ size: 8, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  }

  #pipeline(name, format) {
    const { device } = this;
    const module = device.createShaderModule({ code: WGSL[name] });
    const blend = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' };
    return device.createRenderPipeline({
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
  }

  upload(atlas) {
    const { device } = this;
    const write = (x, y, width, height, rgba) =>
      device.queue.writeTexture({ texture: this.texture, origin: [x, y] }, rgba, { bytesPerRow: width * 4 }, [width, height]);
    if (atlas.resized || !this.texture) {
      this.texture?.destroy();
      this.texture = device.createTexture({ size: [atlas.width, atlas.height], format: 'rgba8unorm', usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST });
      const [viewport, texture] = [{ binding: 0, resource: { buffer: this.viewport } }, { binding: 1, resource: this.texture.createView() }];
      for (const pass of this.passes) {
        pass.bound = device.createBindGroup({ layout: pass.pipeline.getBindGroupLayout(0), entries: pass.name === 'glyphs' ? [viewport, texture] : [viewport] });
      }
      write(0, 0, atlas.width, atlas.height, atlas.pixels);
    } else {
      for (const { x, y, width, height, rgba } of atlas.patches) write(x, y, width, height, rgba);
    }
  }

  draw(painter, [r, g, b]) {
    const { device } = this;
    device.queue.writeBuffer(this.viewport, 0, new Float32Array([painter.width, painter.height]));
    for (const pass of this.passes) {
      const list = painter[pass.name];
      if (pass.capacity < list.capacity) {
        pass.instances?.destroy();
        pass.capacity = list.capacity;
        pass.instances = device.createBuffer({ size: list.buffer.byteLength, usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST });
      }
      device.queue.writeBuffer(pass.instances, 0, list.buffer, 0, list.count * WORDS * 4);
    }
    const encoder = device.createCommandEncoder();
    const target = encoder.beginRenderPass({
      colorAttachments: [{ view: this.context.getCurrentTexture().createView(), clearValue: { r, g, b, a: 1 }, loadOp: 'clear', storeOp: 'store' }],
    });
    for (const { name, pipeline, bound, instances } of this.passes) {
      target.setPipeline(pipeline);
      target.setBindGroup(0, bound);
      target.setVertexBuffer(0, instances);
      target.draw(4, painter[name].count);
    }
    target.end();
    device.queue.submit([encoder.finish()]);
  }

  lose() {
    this.device.destroy();
  }

  close() {
    this.closed = true;
    this.device.destroy();
  }
}
