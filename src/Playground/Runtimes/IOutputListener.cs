using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes;

/// <summary>Hears what the backends of this hub write, while it is being written: whoever works on one wants to see it. Where there is none, nothing is followed.</summary>
public interface IOutputListener
{
    /// <param name="service">Whose program wrote it. Its process may not be anybody's yet.</param>
    /// <param name="line">As <see cref="OutputRing"/> keeps it: bounded, without control characters.</param>
    void Wrote(ServiceDefinition service, string line);
}

internal static class OutputListening
{
    /// <summary>Tells the listener each line until there are no more. A line that was dropped before it could be told is not told.</summary>
    public static async Task Follow(this IOutputListener listener, ServiceDefinition service, OutputRing output)
    {
        for (var last = 0L; ;)
        {
            var over = output.IsFinished;
            var (lines, more) = output.After(last);
            foreach (var line in lines.Lines) listener.Wrote(service, line);
            if (lines.Lines.Count > 0) last = lines.Last;
            else if (over) return;
            else await more;
        }
    }
}
