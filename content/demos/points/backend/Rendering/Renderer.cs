using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering.OpenGl;
using BrowserTech.Demos.Points.Rendering.Software;
using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points.Rendering;

/// <summary>What is to draw.</summary>
internal enum RendererWish
{
    /// <summary>A graphics card where there is one, the processor otherwise.</summary>
    Best,

    Software,

    /// <summary>OpenGL, even where it draws on the processor.</summary>
    OpenGl,
}

/// <summary>
/// What draws for this process: chosen once, at its start. A graphics card that is not there, or fails later, is no error: the processor draws from then on, and
/// <see cref="Why"/> says so.
/// </summary>
internal sealed class Renderer : IPointRenderer
{
    /// <summary>Names one of <c>software</c> and <c>opengl</c>; without it, the best is taken.</summary>
    public const string Variable = "POINTS_RENDERER";

    private readonly Lock _choosing = new();
    private readonly Func<IPointRenderer> _substitute;
    private readonly Action<string> _log;
    private volatile IPointRenderer _current;
    private IPointRenderer? _failed;

    /// <param name="first">Draws, as long as it can.</param>
    /// <param name="why">Why it is this one; empty where there is nothing to say.</param>
    /// <param name="substitute">Makes what takes over.</param>
    /// <param name="log">Told what somebody who runs this should know.</param>
    internal Renderer(IPointRenderer first, string why, Func<IPointRenderer> substitute, Action<string> log)
    {
        (_current, Why, _substitute, _log) = (first, why, substitute, log);
        log($"Drawn by {Name}{(why.Length > 0 ? $": {why}" : "")}.");
    }

    public string Name => _current.Name;

    /// <summary>Why it is this one and no graphics card, in words that stand after a colon; empty where there is nothing to say.</summary>
    public string Why { get; private set; }

    public long PointsInMotion => _current.PointsInMotion;

    public static Renderer Choose(PointCloud cloud, int threads, RendererWish wish, Action<string> log, string library = GlContext.Library)
    {
        if (wish == RendererWish.Software) return new Renderer(Software(), $"{Variable} asks for it", Software, log);
        try
        {
            return new Renderer(new OpenGlRenderer(cloud, library, onProcessor: wish == RendererWish.OpenGl), "", Software, log);
        }
        catch (RendererFailedException failure)
        {
            return new Renderer(Software(), failure.Message, Software, log);
        }

        SoftwareRenderer Software() => new(cloud, threads);
    }

    /// <summary>What <see cref="Variable"/> says. What it does not know is as good as nothing.</summary>
    public static RendererWish WishOf(string? words) => words?.ToLowerInvariant() switch
    {
        "software" => RendererWish.Software,
        "opengl" => RendererWish.OpenGl,
        _ => RendererWish.Best,
    };

    public bool Draw(IReadOnlyList<Draw> draws, Projection view, Picture picture, CancellationToken abandoned)
    {
        var drawing = _current;
        try
        {
            return drawing.Draw(draws, view, picture, abandoned);
        }
        catch (RendererFailedException failure)
        {
            return Replace(drawing, failure).Draw(draws, view, picture, abandoned);
        }
    }

    public void Dispose()
    {
        _current.Dispose();
        _failed?.Dispose();
    }

    /// <summary>By whoever notices first; the others find it done.</summary>
    private IPointRenderer Replace(IPointRenderer failed, RendererFailedException failure)
    {
        lock (_choosing)
        {
            if (_current != failed) return _current;
            _log($"{failed.Name} cannot draw any more: {failure.Message}. The processor draws from now on.");
            Why = $"{failed.Name} failed, {failure.Message}";
            // Others may still be about to ask it; it is disposed of at the end.
            (_failed, _current) = (failed, _substitute());
            return _current;
        }
    }
}
