// Points to a picture, as the backend does it, on its processor (Rendering/Software) or its graphics card (OpenGl/Shaders.cs). The numbers are those of Look.cs.

export const POINTS = {
  vertex: `#version 300 es
    in vec4 place;
    uniform vec4 column, row, depth;
    uniform vec3 tile;
    uniform vec2 size;
    uniform vec2 reach;
    out vec3 colour;
    void main() {
      vec4 p = vec4(tile.xy + (place.xy + 0.5) * (32.0 / 65536.0), (place.z + 0.5) * (256.0 / 65536.0), 1.0);
      float w = dot(depth, p);
      float z = ((reach.y + reach.x) * w - 2.0 * reach.y * reach.x) / (reach.y - reach.x);
      gl_Position = vec4(2.0 * dot(column, p) / size.x - w, w - 2.0 * dot(row, p) / size.y, z, w);
      gl_PointSize = tile.z;
      int c = int(place.w);
      colour = vec3(float(c >> 11) / 31.0, float(c >> 5 & 63) / 63.0, float(c & 31) / 31.0);
    }`,
  fragment: `#version 300 es
    precision mediump float;
    in vec3 colour;
    out vec4 result;
    void main() { result = vec4(colour, 1.0); }`,
};

const SCREEN = `#version 300 es
  void main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }`;

const FAR_AWAY = `
  precision highp float;
  precision highp sampler2D;
  uniform sampler2D colours, depths;
  uniform vec2 reach;
  const float NOTHING = 1e9;
  float metres(float z) { return z >= 1.0 ? NOTHING : 2.0 * reach.x * reach.y / (reach.y + reach.x - (2.0 * z - 1.0) * (reach.y - reach.x)); }
  bool outside(ivec2 p) { return any(lessThan(p, ivec2(0))) || any(greaterThanEqual(p, textureSize(depths, 0))); }
  float raw(ivec2 p) { return outside(p) ? 1.0 : texelFetch(depths, p, 0).r; }`;

/** Holes are closed by the nearest neighbour; what shines through a gap is covered. */
export const FILL = {
  vertex: SCREEN,
  fragment: `#version 300 es
    ${FAR_AWAY}
    out vec4 result;
    void main() {
      ivec2 p = ivec2(gl_FragCoord.xy);
      float own = raw(p), nearest = own, limit = metres(own) * 0.985;
      ivec2 from = p;
      int front = 0;
      for (int dy = -1; dy <= 1; dy++) for (int dx = -1; dx <= 1; dx++) {
        float z = raw(p + ivec2(dx, dy));
        if (metres(z) < limit) front++;
        if (z < nearest) { nearest = z; from = p + ivec2(dx, dy); }
      }
      bool fill = front >= (own >= 1.0 ? 2 : 5);
      result = texelFetch(colours, fill ? from : p, 0);
      gl_FragDepth = fill ? nearest : own;
    }`,
};

/** Eye-dome lighting, haze and sky. */
export const LIGHT = {
  vertex: SCREEN,
  fragment: `#version 300 es
    ${FAR_AWAY}
    out vec4 result;
    float logarithm(float value) { return float(floatBitsToInt(value)) / 8388608.0; }
    float behind(float own, ivec2 p) { return clamp(own - logarithm(metres(raw(p))), 0.0, 0.07); }
    void main() {
      ivec2 p = ivec2(gl_FragCoord.xy);
      float z = raw(p), w = metres(z);
      if (z >= 1.0) {
        float down = 1.0 - (float(p.y) + 0.5) / float(textureSize(depths, 0).y);
        float glow = clamp(1.0 - abs(down - 0.18) * 2.2, 0.0, 1.0);
        result = vec4(mix(vec3(0.039, 0.043, 0.051), vec3(0.13, 0.155, 0.19), glow * glow), 1.0);
        return;
      }
      float own = logarithm(w);
      float edges = behind(own, p + ivec2(1, 0)) + behind(own, p - ivec2(1, 0)) + behind(own, p + ivec2(0, 1)) + behind(own, p - ivec2(0, 1));
      float haze = clamp((w - 450.0) / 3200.0, 0.0, 0.42);
      vec3 lit = texelFetch(colours, p, 0).rgb * (1.0 - haze) / (1.0 + 7.0 * edges);
      result = vec4(lit + vec3(0.42, 0.50, 0.60) * haze, 1.0);
    }`,
};
