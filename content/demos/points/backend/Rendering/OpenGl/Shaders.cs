using System.Globalization;
using BrowserTech.Demos.Points.Cloud;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>
/// Points to a picture, as the page's <c>shaders.js</c> does it and the processor in <c>Software</c>. Rows count from the top, as they lie in a <see cref="RemoteCanvas.Picture"/>, and
/// what is read back has blue first: nothing is turned round afterwards.
/// </summary>
internal static class Shaders
{
    /// <summary>Metres beyond which nothing is drawn.</summary>
    public const float Far = 6000;

    public static readonly string PointsVertex = $$"""
        in vec4 place;
        uniform vec4 column, row, depth;
        uniform vec3 tile;
        uniform vec2 size;
        uniform vec2 reach;
        out vec3 colour;
        void main() {
          vec4 p = vec4(tile.xy + (place.xy + 0.5) * ({{F(CloudFormat.TileSide)}} / 65536.0), (place.z + 0.5) * ({{F(CloudFormat.Height)}} / 65536.0), 1.0);
          float w = dot(depth, p);
          float z = ((reach.y + reach.x) * w - 2.0 * reach.y * reach.x) / (reach.y - reach.x);
          gl_Position = vec4(2.0 * dot(column, p) / size.x - w, 2.0 * dot(row, p) / size.y - w, z, w);
          gl_PointSize = tile.z;
          int c = int(place.w);
          colour = vec3(float(c >> 11) / 31.0, float(c >> 5 & 63) / 63.0, float(c & 31) / 31.0);
        }
        """;

    public const string PointsFragment = """
        in vec3 colour;
        out vec4 result;
        void main() { result = vec4(colour, 1.0); }
        """;

    /// <summary>One triangle over everything.</summary>
    public const string ScreenVertex =
        "void main() { gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0); }";

    /// <summary>The textures may be larger than the picture in them.</summary>
    private const string Depths = """
        uniform sampler2D colours, depths;
        uniform vec2 reach;
        uniform vec2 size;
        const float NOTHING = 1e9;
        float metres(float z) { return z >= 1.0 ? NOTHING : 2.0 * reach.x * reach.y / (reach.y + reach.x - (2.0 * z - 1.0) * (reach.y - reach.x)); }
        bool outside(ivec2 p) { return any(lessThan(p, ivec2(0))) || any(greaterThanEqual(p, ivec2(size))); }
        float raw(ivec2 p) { return outside(p) ? 1.0 : texelFetch(depths, p, 0).r; }

        """;

    /// <summary>Holes are closed by the nearest neighbour; what shines through a gap is covered.</summary>
    public const string CloseFragment = Depths + """
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
        }
        """;

    /// <summary>Eye-dome lighting, haze and sky.</summary>
    public static readonly string LightFragment = $$"""
        {{Depths}}
        out vec4 result;
        float logarithm(float value) { return float(floatBitsToInt(value)) / 8388608.0; }
        float behind(float own, ivec2 p) { return clamp(own - logarithm(metres(raw(p))), 0.0, {{F(Look.EdgeMost)}}); }
        void main() {
          ivec2 p = ivec2(gl_FragCoord.xy);
          float z = raw(p), w = metres(z);
          if (z >= 1.0) {
            float down = (float(p.y) + 0.5) / size.y;
            float glow = clamp(1.0 - abs(down - 0.18) * 2.2, 0.0, 1.0);
            result = vec4(mix({{Sky(Look.SkyRed, Look.SkyGreen, Look.SkyBlue)}}, {{Sky(Look.GlowRed, Look.GlowGreen, Look.GlowBlue)}}, glow * glow).bgr, 1.0);
            return;
          }
          float own = logarithm(w);
          float edges = behind(own, p + ivec2(1, 0)) + behind(own, p - ivec2(1, 0)) + behind(own, p + ivec2(0, 1)) + behind(own, p - ivec2(0, 1));
          float haze = clamp((w - {{F(Look.HazeFrom)}}) / {{F(Look.HazeOver)}}, 0.0, {{F(Look.HazeMost)}});
          vec3 lit = texelFetch(colours, p, 0).rgb * (1.0 - haze) / (1.0 + {{F(Look.EdgeStrength)}} * edges);
          result = vec4((lit + {{Sky(Look.HazeRed, Look.HazeGreen, Look.HazeBlue)}} * haze).bgr, 1.0);
        }
        """;

    /// <summary>What both kinds of OpenGL want to read first.</summary>
    public static string Head(bool isEs) => isEs
        ? "#version 300 es\nprecision highp float;\nprecision highp int;\nprecision highp sampler2D;\n"
        : "#version 330 core\n";

    private static string Sky(float red, float green, float blue) => $"vec3({F(red)}, {F(green)}, {F(blue)})";

    /// <summary>As the language wants it: with a point, whatever the country.</summary>
    private static string F(float value) => value.ToString("0.0######", CultureInfo.InvariantCulture);
}
