using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using BrowserTech.RemoteCanvas.Wire;

namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>
/// H.264 by an ffmpeg beside this process: planes go in through one pipe, pictures come out of the other, each before the next goes in.
/// <para>
/// It needs a tenth of a second to start. So it is given a grey picture while somebody else still encodes, and what it makes of it is sent along with
/// the first real one.
/// </para>
/// <para>
/// It ends when its input ends, which also the kernel does to it when this process dies, however it dies.
/// </para>
/// </summary>
internal sealed partial class H264Encoder : IFrameEncoder
{
    private const int SetPipeSize = 1031;
    private const int PipeBytes = 1024 * 1024;

    /// <summary>How long one picture may take before the encoder counts as stuck.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long what ended early has to say why.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly Stream _input;
    private readonly Stream _output;
    private readonly FlvReader _reader = new();
    private readonly List<(bool IsKey, ReadOnlyMemory<byte> Unit)> _units = [];
    private readonly byte[] _planes;
    private readonly byte[] _chunk = new byte[64 * 1024];
    private readonly FfmpegWords _words = new();
    private bool _isFirst = true;

    private H264Encoder(Process process, int width, int height)
    {
        (_process, Width, Height) = (process, width, height);
        (_input, _output) = (process.StandardInput.BaseStream, process.StandardOutput.BaseStream);
        _planes = GC.AllocateUninitializedArray<byte>(PlanarYuv.Size(width, height), pinned: true);
        process.ErrorDataReceived += (_, line) => _words.Add(line.Data);
        process.BeginErrorReadLine();
        Widen(_input);
        Widen(_output);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Starts one and waits until it has shown that it works.</summary>
    /// <exception cref="EncoderException">It does not. The message has what it said.</exception>
    public static async Task<H264Encoder> StartAsync(ProcessStartInfo start, int width, int height, CancellationToken cancel)
    {
        H264Encoder encoder;
        try
        {
            encoder = new H264Encoder(Process.Start(start)!, width, height);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            throw new EncoderException($"{start.FileName} could not be started: {error.Message}", error);
        }

        try
        {
            encoder._planes.AsSpan(0, width * height).Fill(40);
            encoder._planes.AsSpan(width * height).Fill(128);
            await encoder.PassAsync(cancel).ConfigureAwait(false);
            return encoder;
        }
        catch (EncoderException error)
        {
            var hasRefused = await encoder.HasRefusedAsync().ConfigureAwait(false);
            await encoder.DisposeAsync().ConfigureAwait(false);
            throw hasRefused ? new EncoderException($"ffmpeg refused: {encoder._words}", error) { IsFinal = true } : error;
        }
        catch
        {
            await encoder.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<EncodedFrame> EncodeAsync(Picture picture, bool isStill, CancellationToken cancel)
    {
        if (picture.Width != Width || picture.Height != Height) throw new ArgumentException($"This encoder takes {Width} × {Height}.", nameof(picture));
        PlanarYuv.FromBgra(picture.Bytes, Width, Height, _planes);
        await PassAsync(cancel).ConfigureAwait(false);
        var isKey = _units[0].IsKey;
        var payload = Join();
        var description = _isFirst ? _reader.Description : default;
        _isFirst = false;
        return new EncodedFrame(Codec.H264, isKey, description, payload);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Its input ends with it, but what it has to say about that nobody waits for.
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException or System.ComponentModel.Win32Exception)
        {
            // It was gone before.
        }

        _process.Dispose();
    }

    /// <summary>Whether it has ended by itself with an error, and what it said is here: trying again would be the same again.</summary>
    private async Task<bool> HasRefusedAsync()
    {
        try
        {
            await _process.WaitForExitAsync(CancellationToken.None).WaitAsync(LastWords).ConfigureAwait(false);
            // From 128 on a signal ended it. And for want of memory or of threads it ends by itself, as it does for what is wrong with it: only its words tell.
            return _process.ExitCode is > 0 and < 128 && _words.AreFinal;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Writes the planes and reads what becomes of them.</summary>
    private async Task PassAsync(CancellationToken cancel)
    {
        try
        {
            var wanted = _units.Count + 1;
            var reading = Task.Run(() => ReadUntil(wanted), CancellationToken.None);
            var writing = Task.Run(Write, CancellationToken.None);
            await Task.WhenAll(reading, writing).WaitAsync(Patience, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or TimeoutException or ObjectDisposedException)
        {
            throw new EncoderException($"ffmpeg ended or hangs: {(_words.IsEmpty ? error.Message : _words.ToString())}", error);
        }
    }

    private void Write()
    {
        _input.Write(_planes);
        _input.Flush();
    }

    private void ReadUntil(int count)
    {
        while (_units.Count < count)
        {
            var read = _output.Read(_chunk);
            if (read == 0) throw new EndOfStreamException("It closed its output.");
            _reader.Add(_chunk.AsSpan(0, read), _units);
        }
    }

    /// <summary>All that came, each after its length.</summary>
    private byte[] Join()
    {
        var payload = new byte[_units.Sum(each => 4 + each.Unit.Length)];
        var at = 0;
        foreach (var (_, unit) in _units)
        {
            BinaryPrimitives.WriteInt32LittleEndian(payload.AsSpan(at), unit.Length);
            unit.Span.CopyTo(payload.AsSpan(at + 4));
            at += 4 + unit.Length;
        }

        _units.Clear();
        return payload;
    }

    /// <summary>A picture has to go through in few pieces. Where a larger pipe is refused, it goes through in more.</summary>
    private static void Widen(Stream pipe)
    {
        if (OperatingSystem.IsLinux() && pipe is System.IO.Pipes.PipeStream { SafePipeHandle: var handle }) _ = FileControl(handle, SetPipeSize, PipeBytes);
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int FileControl(SafeHandle file, int command, int argument);
}
