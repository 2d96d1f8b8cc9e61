using System.Security.Cryptography;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// The keys under which visitors are hashed: 16 random bytes a day, made when the day's first visitor comes and
/// thrown away when the day ends, so that its numbers cannot be recomputed by anybody. The day's key is a file, since a
/// restart must not count everybody twice, and not in the database, since its backups must not bring it back.
/// </summary>
public sealed class DailySalts(string folder, TimeProvider time, ILogger<DailySalts> log)
{
    private readonly Lock _gate = new();
    private volatile Salt? _today;
    private DateOnly _swept;

    private sealed record Salt(DateOnly Day, byte[] Bytes);

    /// <summary>Today's salt; days are UTC.</summary>
    public ReadOnlySpan<byte> Today()
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_today is { } known && known.Day == day) return known.Bytes;
        lock (_gate)
        {
            if (_today is not { } again || again.Day != day) _today = Load(day);
            return _today.Bytes;
        }
    }

    /// <summary>Throws away the key of a day that is over, also where nobody has come since.</summary>
    public void DropOld()
    {
        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (_swept == day) return;
        lock (_gate) Sweep(day);
    }

    private Salt Load(DateOnly day)
    {
        Sweep(day);
        var path = Path.Combine(folder, $"{day:yyyy-MM-dd}.salt");
        var bytes = RandomNumberGenerator.GetBytes(16);
        try
        {
            Directory.CreateDirectory(folder);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            if (File.Exists(path) && File.ReadAllBytes(path) is { Length: 16 } saved) return new Salt(day, saved);
            var temporary = path + ".new";
            File.WriteAllBytes(temporary, bytes);
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Pages matter more: the key lives in memory, and a restart today counts visitors anew.
            log.LogError(exception, "The day's salt cannot be kept in {Folder}", folder);
        }

        return new Salt(day, bytes);
    }

    // Any other day's file goes: also one from the future, after a clock was set back. What cannot go now is tried again.
    private void Sweep(DateOnly day)
    {
        if (_today is { } known && known.Day != day) _today = null;
        if (!Directory.Exists(folder)) return;
        try
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.salt"))
                if (Path.GetFileNameWithoutExtension(file) != $"{day:yyyy-MM-dd}") File.Delete(file);
            _swept = day;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            log.LogError(exception, "An old salt in {Folder} cannot be deleted", folder);
        }
    }
}
