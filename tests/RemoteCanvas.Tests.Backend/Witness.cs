using System.Globalization;

namespace BrowserTech.RemoteCanvas.Tests.Backend;

/// <summary>A scene, and a list of what it was told.</summary>
internal sealed class Witness(IRemoteScene scene, Told told) : IRemoteScene
{
    public void OnInput(in CanvasInput input)
    {
        told.Add(input.Kind switch
        {
            InputKind.Key => $"key {(input.IsDown ? "down" : "up")} {input.Code} {(int)input.Modifiers}",
            InputKind.Pointing => string.Create(CultureInfo.InvariantCulture, $"{input.Action} {input.Buttons} {(int)input.Modifiers} {input.X:0.00} {input.DeltaY:0}").ToLowerInvariant(),
            _ => $"state {input.State.Length}",
        });
        scene.OnInput(input);
    }

    public uint Render(in FrameRequest request, Picture picture, CancellationToken abandoned) => scene.Render(request, picture, abandoned);
}

/// <summary>The newest lines, of several threads.</summary>
internal sealed class Told
{
    private const int Most = 1000;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();

    public void Add(string line)
    {
        lock (_lock)
        {
            _lines.Enqueue(line);
            if (_lines.Count > Most) _lines.Dequeue();
        }
    }

    public override string ToString()
    {
        lock (_lock) return string.Join('\n', _lines);
    }
}
