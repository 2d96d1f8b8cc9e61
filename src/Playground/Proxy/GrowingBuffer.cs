using System.Buffers;

namespace BrowserTech.Playground.Proxy;

/// <summary>Rented memory for one direction of a connection: small, because most are quiet; larger as soon as what comes fills it.</summary>
internal sealed class GrowingBuffer
{
    private const int Smallest = 4 * 1024;
    private const int Largest = 64 * 1024;

    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(Smallest);

    public Memory<byte> Free => _bytes;

    /// <summary>So many bytes came, and have been dealt with.</summary>
    public void Filled(int count)
    {
        if (count < _bytes.Length || _bytes.Length >= Largest) return;
        var larger = _bytes.Length * 4;
        Return();
        _bytes = ArrayPool<byte>.Shared.Rent(larger);
    }

    public void Return() => ArrayPool<byte>.Shared.Return(_bytes);
}
