namespace BrowserTech.RemoteCanvas.Flow;

/// <summary>
/// What a viewer did since the last frame. Of states only the newest is kept; moves of one pointer, and turns of the wheel, are merged as long as
/// nothing else came between; presses, releases and keys all stay, in order. So a drag of a thousand moves is one, and no click is lost.
/// </summary>
internal sealed class InputQueue(int most)
{
    private readonly List<CanvasInput> _waiting = [];
    private byte[] _state = [];
    private int _stateAt = -1;

    /// <summary>Of the newest input.</summary>
    public uint Newest { get; private set; }

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>False: there are too many that cannot be merged.</summary>
    public bool Add(in CanvasInput input)
    {
        Newest = input.Sequence;
        if (input.Kind == InputKind.State) return AddState(input);
        if (_waiting.Count > 0 && Merges(_waiting[^1], input))
        {
            var last = _waiting[^1];
            _waiting[^1] = input.Action == PointerAction.Wheel ? input with { DeltaX = last.DeltaX + input.DeltaX, DeltaY = last.DeltaY + input.DeltaY } : input;
            return true;
        }

        if (_waiting.Count >= most) return false;
        _waiting.Add(input);
        return true;
    }

    /// <summary>Gives what waits, in order, and forgets it.</summary>
    public void Drain(List<CanvasInput> into)
    {
        into.AddRange(_waiting);
        _waiting.Clear();
        // What was handed out keeps its bytes.
        (_state, _stateAt) = ([], -1);
    }

    private bool AddState(in CanvasInput input)
    {
        // The bytes belong to the socket's buffer.
        _state = input.State.ToArray();
        var kept = input with { State = _state };
        if (_stateAt >= 0)
        {
            _waiting[_stateAt] = kept;
            return true;
        }

        if (_waiting.Count >= most) return false;
        _stateAt = _waiting.Count;
        _waiting.Add(kept);
        return true;
    }

    private static bool Merges(in CanvasInput last, in CanvasInput next) =>
        last.Kind == InputKind.Pointing && next.Kind == InputKind.Pointing && last.Action == next.Action
        && next.Action is PointerAction.Move or PointerAction.Wheel
        && last.PointerId == next.PointerId && last.Buttons == next.Buttons && last.Modifiers == next.Modifiers;
}
