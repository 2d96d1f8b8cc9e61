using System.Security.Cryptography;

namespace BrowserTech.Site.Analytics;

/// <summary>
/// The keys under which visitors are hashed: 16 random bytes a day, made when the day's first visitor comes and
/// thrown away after the next day, so that yesterday's numbers cannot be recomputed by anybody. They are kept in
/// files of their own, since a restart must not count everybody twice, and out of the database, since its backups
/// must not bring them back.
/// </summary>
public sealed class DailySalts(string folder, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile Salt? _today;

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

    private Salt Load(DateOnly day)
    {
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.EnumerateFiles(folder, "*.salt"))
        {
            // The file of another day than today or yesterday goes: also one from the future, after a clock was set back.
            if (!DateOnly.TryParseExact(Path.GetFileNameWithoutExtension(file), "yyyy-MM-dd", out var of) || Math.Abs(of.DayNumber - day.DayNumber) > 1)
                File.Delete(file);
        }

        var path = Path.Combine(folder, $"{day:yyyy-MM-dd}.salt");
        if (File.Exists(path) && File.ReadAllBytes(path) is { Length: 16 } saved) return new Salt(day, saved);
        var bytes = RandomNumberGenerator.GetBytes(16);
        var temporary = path + ".new";
        File.WriteAllBytes(temporary, bytes);
        File.Move(temporary, path, overwrite: true);
        return new Salt(day, bytes);
    }
}
