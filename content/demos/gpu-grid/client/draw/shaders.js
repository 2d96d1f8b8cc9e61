// The same shaders twice, for shapes and for glyphs. A quad has no vertex buffer: its corners are the bits of the vertex's number, pulled in to the clip
// rectangle, which is all the clipping there is. A box is a distance to its edge, a line the distance to a segment, a glyph a texel of the
// atlas for each pixel, so that both APIs make the same picture. What goes from one stage to the next is kept small: it is computed for each triangle.

const GLSL_HEAD = `#version 300 es
precision highp float;
precision highp int;
layout(location = 0) in vec4 rect;
layout(location = 1) in vec4 more;
layout(location = 2) in vec4 fill;
layout(location = 3) in vec4 edge;
layout(location = 4) in uvec4 clip;
uniform vec3 viewport;

void put(vec2 low, vec2 high) {
  vec2 corner = vec2(gl_VertexID & 1, gl_VertexID >> 1);
  vec2 p = clamp(mix(low, high, corner), vec2(clip.xy), vec2(clip.zw));
  // Rows of pixels are counted from above here and from below there; a texture that is drawn into is read as it was written.
  gl_Position = vec4(p.x / viewport.x * 2.0 - 1.0, viewport.z * (1.0 - p.y / viewport.y * 2.0), 0.0, 1.0);
}
`;

const GLSL_PLACE = `
uniform vec3 viewport;
vec2 place() {
  return vec2(gl_FragCoord.x, viewport.z > 0.0 ? viewport.y - gl_FragCoord.y : gl_FragCoord.y);
}
`;

export const GLSL = {
  glyphs: [`${GLSL_HEAD}
flat out vec3 at;
flat out vec4 colour;

void main() {
  put(rect.xy, rect.xy + rect.zw);
  at = vec3(more.x - rect.x, more.y - rect.y, more.z);
  colour = fill;
}`, `#version 300 es
precision highp float;
precision highp int;
uniform highp sampler2D atlas;
${GLSL_PLACE}flat in vec3 at;
flat in vec4 colour;
out vec4 pixel;

void main() {
  vec4 texel = texelFetch(atlas, ivec2(floor(place() + at.xy)), 0);
  pixel = vec4(mix(colour.rgb, texel.rgb, at.z), 1.0) * (texel.a * colour.a);
}`],
  shapes: [`${GLSL_HEAD}
flat out vec4 area;
flat out vec3 how;
flat out vec4 inside;
flat out vec4 border;

void main() {
  if (more.w > 0.5) {
    put(min(rect.xy, rect.zw) - more.x - 1.0, max(rect.xy, rect.zw) + more.x + 1.0);
    area = rect;
  } else {
    put(rect.xy, rect.xy + rect.zw);
    area = vec4(rect.xy + rect.zw * 0.5, rect.zw * 0.5);
  }
  how = vec3(more.xy, more.w);
  inside = vec4(fill.rgb * fill.a, fill.a);
  border = more.y > 0.0 ? vec4(edge.rgb * edge.a, edge.a) : inside;
}`, `#version 300 es
precision highp float;
precision highp int;
${GLSL_PLACE}
flat in vec4 area;
flat in vec3 how;
flat in vec4 inside;
flat in vec4 border;
out vec4 pixel;

void main() {
  vec2 p = place();
  if (how.z > 0.5) {
    vec2 along = area.zw - area.xy;
    vec2 from = p - area.xy;
    float part = clamp(dot(from, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    pixel = inside * clamp(0.5 - (length(from - along * part) - how.x), 0.0, 1.0);
  } else {
    vec2 q = abs(p - area.xy) - area.zw + how.x;
    float d = length(max(q, vec2(0.0))) + min(max(q.x, q.y), 0.0) - how.x;
    pixel = mix(border, inside, clamp(0.5 - (d + how.y), 0.0, 1.0)) * clamp(0.5 - d, 0.0, 1.0);
  }
}`],
};

const WGSL_HEAD = `
@group(0) @binding(0) var<uniform> viewport: vec2f;

struct Instance {
  @location(0) rect: vec4f,
  @location(1) more: vec4f,
  @location(2) fill: vec4f,
  @location(3) edge: vec4f,
  @location(4) clip: vec4u,
}

fn put(v: u32, low: vec2f, high: vec2f, clip: vec4u) -> vec4f {
  let corner = vec2f(f32(v & 1u), f32(v >> 1u));
  let p = clamp(mix(low, high, corner), vec2f(clip.xy), vec2f(clip.zw));
  return vec4f(p.x / viewport.x * 2.0 - 1.0, 1.0 - p.y / viewport.y * 2.0, 0.0, 1.0);
}
`;

export const WGSL = {
  glyphs: `${WGSL_HEAD}
@group(0) @binding(1) var atlas: texture_2d<f32>;

struct Varying {
  @builtin(position) position: vec4f,
  @location(0) @interpolate(flat) at: vec3f,
  @location(1) @interpolate(flat) colour: vec4f,
}

@vertex
fn quad(@builtin(vertex_index) v: u32, i: Instance) -> Varying {
  return Varying(put(v, i.rect.xy, i.rect.xy + i.rect.zw, i.clip), vec3f(i.more.xy - i.rect.xy, i.more.z), i.fill);
}

@fragment
fn paint(in: Varying) -> @location(0) vec4f {
  let texel = textureLoad(atlas, vec2i(floor(in.position.xy + in.at.xy)), 0);
  return vec4f(mix(in.colour.rgb, texel.rgb, in.at.z), 1.0) * (texel.a * in.colour.a);
}`,
  shapes: `${WGSL_HEAD}
struct Varying {
  @builtin(position) position: vec4f,
  @location(0) @interpolate(flat) area: vec4f,
  @location(1) @interpolate(flat) how: vec3f,
  @location(2) @interpolate(flat) inside: vec4f,
  @location(3) @interpolate(flat) border: vec4f,
}

@vertex
fn quad(@builtin(vertex_index) v: u32, i: Instance) -> Varying {
  let inside = vec4f(i.fill.rgb * i.fill.a, i.fill.a);
  let border = select(inside, vec4f(i.edge.rgb * i.edge.a, i.edge.a), i.more.y > 0.0);
  let how = vec3f(i.more.xy, i.more.w);
  if (i.more.w > 0.5) {
    let reach = i.more.x + 1.0;
    return Varying(put(v, min(i.rect.xy, i.rect.zw) - reach, max(i.rect.xy, i.rect.zw) + reach, i.clip), i.rect, how, inside, border);
  }
  return Varying(put(v, i.rect.xy, i.rect.xy + i.rect.zw, i.clip), vec4f(i.rect.xy + i.rect.zw * 0.5, i.rect.zw * 0.5), how, inside, border);
}

@fragment
fn paint(in: Varying) -> @location(0) vec4f {
  let p = in.position.xy;
  if (in.how.z > 0.5) {
    let along = in.area.zw - in.area.xy;
    let from_start = p - in.area.xy;
    let part = clamp(dot(from_start, along) / max(dot(along, along), 1e-6), 0.0, 1.0);
    return in.inside * clamp(0.5 - (length(from_start - along * part) - in.how.x), 0.0, 1.0);
  }
  let q = abs(p - in.area.xy) - in.area.zw + in.how.x;
  let d = length(max(q, vec2f(0.0))) + min(max(q.x, q.y), 0.0) - in.how.x;
  return mix(in.border, in.inside, clamp(0.5 - (d + in.how.y), 0.0, 1.0)) * clamp(0.5 - d, 0.0, 1.0);
}`,
};
