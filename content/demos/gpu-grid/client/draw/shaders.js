// The same shader twice. A quad has no vertex buffer: its corners are the bits of the vertex's number. A box is a distance to its edge, a line the
// distance to a segment, a glyph a texel of the atlas for each pixel, so that both APIs make the same picture.

export const GLSL_VERTEX = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in vec4 rect;
layout(location = 1) in vec4 more;
layout(location = 2) in vec4 fill;
layout(location = 3) in vec4 edge;
layout(location = 4) in uvec4 clip;
uniform vec2 viewport;
out vec2 p;
flat out vec4 r;
flat out vec4 m;
flat out vec4 f;
flat out vec4 e;
flat out vec4 c;

void main() {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 low = rect.xy;
  vec2 high = rect.xy + rect.zw;
  if (more.w == 2.0) {
    low = min(rect.xy, rect.zw) - more.x - 1.0;
    high = max(rect.xy, rect.zw) + more.x + 1.0;
  }
  p = mix(low, high, corner);
  r = rect; m = more; f = fill; e = edge; c = vec4(clip);
  vec2 at = p / viewport;
  gl_Position = vec4(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0);
}`;

export const GLSL_FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D atlas;
in vec2 p;
flat in vec4 r;
flat in vec4 m;
flat in vec4 f;
flat in vec4 e;
flat in vec4 c;
out vec4 colour;

void main() {
  if (p.x < c.x || p.y < c.y || p.x > c.z || p.y > c.w) discard;
  vec4 fill = vec4(f.rgb * f.a, f.a);
  if (m.w == 1.0) {
    vec4 texel = texelFetch(atlas, ivec2(floor(p - r.xy) + m.xy), 0);
    colour = m.z > 0.0 ? vec4(texel.rgb * texel.a, texel.a) * f.a : fill * texel.a;
  } else if (m.w == 2.0) {
    vec2 along = r.zw - r.xy;
    vec2 from = p - r.xy;
    float part = clamp(dot(from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    colour = fill * clamp(0.5 - (length(from - along * part) - m.x), 0.0, 1.0);
  } else if (m.x + m.y == 0.0) {
    colour = fill;
  } else {
    vec2 q = abs(p - r.xy - r.zw * 0.5) - r.zw * 0.5 + m.x;
    float d = length(max(q, vec2(0.0))) + min(max(q.x, q.y), 0.0) - m.x;
    vec4 border = vec4(e.rgb * e.a, e.a);
    colour = mix(m.y > 0.0 ? border : fill, fill, clamp(0.5 - (d + m.y), 0.0, 1.0)) * clamp(0.5 - d, 0.0, 1.0);
  }
}`;

export const WGSL = `
struct Varying {
  @builtin(position) position: vec4f,
  @location(0) p: vec2f,
  @location(1) @interpolate(flat) r: vec4f,
  @location(2) @interpolate(flat) m: vec4f,
  @location(3) @interpolate(flat) f: vec4f,
  @location(4) @interpolate(flat) e: vec4f,
  @location(5) @interpolate(flat) c: vec4f,
}

@group(0) @binding(0) var<uniform> viewport: vec2f;
@group(0) @binding(1) var atlas: texture_2d<f32>;

@vertex
fn quad(
  @builtin(vertex_index) v: u32,
  @location(0) rect: vec4f, @location(1) more: vec4f, @location(2) fill: vec4f, @location(3) edge: vec4f, @location(4) clip: vec4u,
) -> Varying {
  let corner = vec2f(f32(v & 1u), f32(v >> 1u));
  var low = rect.xy;
  var high = rect.xy + rect.zw;
  if (more.w == 2.0) {
    low = min(rect.xy, rect.zw) - more.x - 1.0;
    high = max(rect.xy, rect.zw) + more.x + 1.0;
  }
  let p = mix(low, high, corner);
  let at = p / viewport;
  return Varying(vec4f(at.x * 2.0 - 1.0, 1.0 - at.y * 2.0, 0.0, 1.0), p, rect, more, fill, edge, vec4f(clip));
}

@fragment
fn paint(in: Varying) -> @location(0) vec4f {
  let p = in.p;
  let r = in.r;
  let m = in.m;
  if (p.x < in.c.x || p.y < in.c.y || p.x > in.c.z || p.y > in.c.w) { discard; }
  let fill = vec4f(in.f.rgb * in.f.a, in.f.a);
  if (m.w == 1.0) {
    let texel = textureLoad(atlas, vec2i(floor(p - r.xy) + m.xy), 0);
    if (m.z > 0.0) { return vec4f(texel.rgb * texel.a, texel.a) * in.f.a; }
    return fill * texel.a;
  }
  if (m.w == 2.0) {
    let along = r.zw - r.xy;
    let from_start = p - r.xy;
    let part = clamp(dot(from_start, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    return fill * clamp(0.5 - (length(from_start - along * part) - m.x), 0.0, 1.0);
  }
  if (m.x + m.y == 0.0) { return fill; }
  let q = abs(p - r.xy - r.zw * 0.5) - r.zw * 0.5 + m.x;
  let d = length(max(q, vec2f(0.0))) + min(max(q.x, q.y), 0.0) - m.x;
  let border = vec4f(in.e.rgb * in.e.a, in.e.a);
  return mix(select(fill, border, m.y > 0.0), fill, clamp(0.5 - (d + m.y), 0.0, 1.0)) * clamp(0.5 - d, 0.0, 1.0);
}`;
