namespace BrowserTech.RemoteCanvas.Encoding;

/// <summary>What an ffmpeg said, heard on one thread and read on others: its newest line, or the one that says what is wrong with it for good.</summary>
internal sealed class FfmpegWords
{
    /// <summary>About an option or the encoder, which another try would not change.</summary>
    private static readonly string[] Final = ["Unrecognized option", "Option not found", "Unknown encoder", "Encoder not found", "Error setting option"];

    private volatile string? _final;
    private volatile string _newest = "";

    public bool AreFinal => _final is not null;

    public bool IsEmpty => _newest.Length == 0;

    /// <param name="line">Null at the end.</param>
    public void Add(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        _newest = line;
        // The first one names it; those behind it say so of all that followed from it.
        if (_final is null && Final.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase))) _final = line;
    }

    public override string ToString() => _final ?? _newest;
}
