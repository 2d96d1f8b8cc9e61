using System.Collections.Concurrent;

namespace BrowserTech.Site.Posters;

/// <summary>
/// Files drawn on first use. Whoever asks for one while it is being drawn waits for that drawing; two different ones are drawn one
/// after the other, since one uses every processor already. A file appears under its name only when whole. The folder carries the edition of the
/// drawing code, and everything in it can be deleted at any time.
/// </summary>
/// <param name="folder">Where the files go, normally <c>data/cache/posters</c>; created when needed.</param>
public sealed class PosterCache(string folder) : IDisposable
{
    private readonly string _folder = Path.Combine(folder, $"{PosterArt.Edition}");
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _drawing = new();
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The path of the file, drawn if it is not there yet.</summary>
    /// <param name="name">A file name of the application's own making: letters, digits, dots and hyphens.</param>
    /// <param name="draw">Draws the file.</param>
    /// <param name="cancellation">Ends the waiting, not the drawing: the next one who asks wants it too.</param>
    public async Task<string> Get(string name, Func<byte[]> draw, CancellationToken cancellation)
    {
        if (name.Length is 0 or > 160 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_') || name[0] == '.')
            throw new ArgumentException($"\"{name}\" is not a name for a poster's file.", nameof(name));
        var path = Path.Combine(_folder, name);
        if (File.Exists(path))
            return path;
        var drawing = _drawing.GetOrAdd(name, _ => new Lazy<Task<string>>(() => Task.Run(() => Write(name, path, draw))));
        return await drawing.Value.WaitAsync(cancellation);
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private async Task<string> Write(string name, string path, Func<byte[]> draw)
    {
        await _turn.WaitAsync();
        try
        {
            if (File.Exists(path))
                return path;
            Directory.CreateDirectory(_folder);
            var unfinished = Path.Combine(_folder, $".{Guid.NewGuid():N}");
            try
            {
                await File.WriteAllBytesAsync(unfinished, draw());
                File.Move(unfinished, path, overwrite: true);
            }
            catch
            {
                File.Delete(unfinished); // a full disk must not be filled by what is half written
                throw;
            }
            return path;
        }
        finally
        {
            _turn.Release();
            _drawing.TryRemove(name, out _); // a failure is not remembered: the next one tries again
        }
    }
}
