using System.Buffers.Binary;

namespace BrowserTech.Benchmarks.PngStream;

/// <summary>What the page asks for with each camera: u32 number, u16 width, u16 height, u16 milliseconds between pictures, u16 0, then the camera and how many points.</summary>
internal readonly record struct Wish(uint Sequence, int Width, int Height, TimeSpan Interval, ReadOnlyMemory<byte> Camera)
{
    public static Wish Read(ReadOnlyMemory<byte> message) => new(
        BinaryPrimitives.ReadUInt32LittleEndian(message.Span),
        BinaryPrimitives.ReadUInt16LittleEndian(message.Span[4..]), BinaryPrimitives.ReadUInt16LittleEndian(message.Span[6..]),
        TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt16LittleEndian(message.Span[8..])), message[12..]);
}
