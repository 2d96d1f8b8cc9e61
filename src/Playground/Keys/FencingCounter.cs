using System.Globalization;
using Microsoft.Win32.SafeHandles;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Runtimes.Native;

namespace BrowserTech.Playground.Keys;

/// <summary>
/// Gives numbers that only grow, across restarts, kills and clocks set back. The file holds the end of the block of numbers that may
/// have been given: a block is written down and flushed before its first number is used, so a kill loses numbers
/// and never repeats one. A counter and not a clock, because two backends in one millisecond would be equal and a clock may go
/// back.
/// </summary>
public sealed class FencingCounter(string folder) : IDisposable
{
    private const long Block = 1000;

    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly string _path = Path.Combine(folder, "fencing");
    private long _next;
    private long _end;

    /// <exception cref="InvalidDataException">The file was changed by somebody else.</exception>
    /// <exception cref="IOException">The next block cannot be written down; no number is given then.</exception>
    public async ValueTask<FencingToken> Next()
    {
        await _one.WaitAsync();
        try
        {
            if (_next == _end) await Reserve();
            return new FencingToken(_next++);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task Reserve()
    {
        Directory.CreateDirectory(folder);
        var start = _end != 0 ? _end : await ReadEnd();
        var end = start + Block;
        var temporary = _path + ".new";
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            await file.WriteAsync(System.Text.Encoding.ASCII.GetBytes(end.ToString(CultureInfo.InvariantCulture)));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, _path, overwrite: true);
        if (OperatingSystem.IsLinux()) FlushFolder();
        (_next, _end) = (start, end);
    }

    /// <summary>The new name is on the disk only when the folder is: a power cut would bring the old number back.</summary>
    private void FlushFolder()
    {
        var fd = Libc.Open(folder, Libc.CloseOnExec);
        if (fd < 0) throw Libc.Failed("open");
        using var handle = new SafeFileHandle(fd, ownsHandle: true);
        RandomAccess.FlushToDisk(handle);
    }

    private async Task<long> ReadEnd()
    {
        if (!File.Exists(_path)) return 1;
        var text = (await File.ReadAllTextAsync(_path)).Trim(); // an editor ends it with a line
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var end) && end > 0
            ? end
            : throw new InvalidDataException(
                $"{_path} must hold one number. Write one into it that is higher than any fencing token given so far.");
    }
}
