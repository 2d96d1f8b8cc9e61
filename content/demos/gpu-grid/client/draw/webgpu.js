import { WGSL } from './shaders.js';
import { WORDS } from './painter.js';

/** The painter's list drawn with WebGPU. */
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
    Object.assign(this, { context, device, closed: false, capacity: 0, instances: null, texture: null, bound: null });
    const format = navigator.gpu.getPreferredCanvasFormat();
    context.configure({ device, format, alphaMode: 'opaque' });
    const module = device.createShaderModule({ code: WGSL });
    const blend = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' };
    this.pipeline = device.createRenderPipeline({
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
    this.viewport = device.createBuffer({ size: 8, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  }

  upload(atlas) {
    const { device } = this;
    const write = (x, y, width, height, rgba) =>
      device.queue.writeTexture({ texture: this.texture, origin: [x, y] }, rgba, { bytesPerRow: width * 4 }, [width, height]);
    if (atlas.resized || !this.texture) {
      this.texture?.destroy();
      this.texture = device.createTexture({ size: [atlas.width, atlas.height], format: 'rgba8unorm', usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST });
      this.bound = device.createBindGroup({
        layout: this.pipeline.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: { buffer: this.viewport } }, { binding: 1, resource: this.texture.createView() }],
      });
      write(0, 0, atlas.width, atlas.height, atlas.pixels);
    } else {
      for (const { x, y, width, height, rgba } of atlas.patches) write(x, y, width, height, rgba);
    }
  }

  draw(painter, [r, g, b]) {
    const { device } = this;
    if (this.capacity < painter.capacity) {
      this.instances?.destroy();
      this.capacity = painter.capacity;
      this.instances = device.createBuffer({ size: painter.buffer.byteLength, usage: GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST });
    }
    device.queue.writeBuffer(this.viewport, 0, new Float32Array([painter.width, painter.height]));
    device.queue.writeBuffer(this.instances, 0, painter.buffer, 0, painter.count * WORDS * 4);
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginRenderPass({
      colorAttachments: [{ view: this.context.getCurrentTexture().createView(), clearValue: { r, g, b, a: 1 }, loadOp: 'clear', storeOp: 'store' }],
    });
    pass.setPipeline(this.pipeline);
    pass.setBindGroup(0, this.bound);
    pass.setVertexBuffer(0, this.instances);
    pass.draw(4, painter.count);
    pass.end();
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
