using System.Runtime.InteropServices;
using BrowserTech.Demos.Points.Cloud;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>The points in the graphics card's memory, all of them, tile after tile: brought there once, for all viewers.</summary>
internal sealed unsafe class GlCloud
{
    private const int PointBytes = 4 * sizeof(ushort);

    /// <summary>Blocks that are brought at a time.</summary>
    private const int Batch = 8192;

    private readonly GlFunctions _gl;
    private readonly PointCloud _cloud;
    private readonly uint _array;

    /// <exception cref="RendererFailedException">There is no memory for it.</exception>
    public GlCloud(GlFunctions gl, PointCloud cloud)
    {
        (_gl, _cloud) = (gl, cloud);
        uint array, buffer;
        gl.GenVertexArrays(1, &array);
        gl.GenBuffers(1, &buffer);
        _array = array;
        gl.BindVertexArray(array);
        gl.BindBuffer(GlFunctions.ArrayBuffer, buffer);
        gl.BufferData(GlFunctions.ArrayBuffer, (nint)cloud.Count * PointBytes, null, GlFunctions.StaticDraw);
        gl.Check($"{cloud.Count} points");
        Bring();
        gl.EnableVertexAttribArray(0);
        gl.VertexAttribPointer(0, 4, GlFunctions.UnsignedShort, 0, PointBytes, null);
        gl.Check("the points");
    }

    public void Bind() => _gl.BindVertexArray(_array);

    /// <summary>The beginning of a tile.</summary>
    public void Draw(int tile, int blocks) => _gl.DrawArrays(GlFunctions.PointsMode, _cloud.Tiles[tile].FirstBlock * CloudFormat.Block, blocks * CloudFormat.Block);

    private void Bring()
    {
        const int BlockBytes = CloudFormat.Block * PointBytes;
        var blocks = _cloud.Count / CloudFormat.Block;
        var woven = (ushort*)NativeMemory.Alloc(Batch * BlockBytes);
        for (var from = 0; from < blocks; from += Batch)
        {
            var count = Math.Min(Batch, blocks - from);
            for (var block = 0; block < count; block++)
                PointStream.Weave(_cloud.Blocks + (nint)(from + block) * CloudFormat.BlockWords, woven + (nint)block * CloudFormat.BlockWords);
            _gl.BufferSubData(GlFunctions.ArrayBuffer, (nint)from * BlockBytes, (nint)count * BlockBytes, woven);
        }

        NativeMemory.Free(woven);
    }
}
