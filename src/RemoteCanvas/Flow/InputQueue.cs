namespace BrowserTech.RemoteCanvas.Flow;

/// <summary>
/// What a viewer did since the last frame. Of states only the newest is kept. Moves of one pointer, turns of the wheel and repeats of a key that is held are
/// merged as long as no press, release or other key came between; those all stay, in order. So a drag of a thousand moves is one, and no click is lost. When
/// there are too many nevertheless, moves and turns of the wheel make room.
/// </summary>
internal sealed class InputQueue(int most)
{
    private readonly List<CanvasInput> _waiting = [];
    private int _stateAt = -1;

    /// <summary>Of the newest input.</summary>
    public uint Newest { get; private set; }

    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>False: there are too many that can be neither merged nor left out.</summary>
    public bool Add(in CanvasInput input)
    {
        Newest = input.Sequence;
        if (input.Kind == InputKind.State) return AddState(input);
        var added = input;
        if (EarlierOf(input) is { } at)
        {
            var earlier = _waiting[at];
            if (input.Kind == InputKind.Key)
            {
                // A repeat is the press that waits already.
                _waiting[at] = input;
                return true;
            }

            if (input.Action == PointerAction.Wheel) added = input with { DeltaX = earlier.DeltaX + input.DeltaX, DeltaY = earlier.DeltaY + input.DeltaY };
            // The merged one comes last, where the newest of it came.
            RemoveAt(at);
        }

        if (_waiting.Count >= most && !MakeRoom()) return IsPassing(input);
        _waiting.Add(added);
        return true;
    }

    /// <summary>Gives what waits, in order, and forgets it.</summary>
    public void Drain(List<CanvasInput> into)
    {
        into.AddRange(_waiting);
        _waiting.Clear();
        _stateAt = -1;
    }

    /// <summary>There is one of them at most: it always has a place.</summary>
    private bool AddState(in CanvasInput input)
    {
        // The bytes belong to the socket's buffer.
        var kept = input with { State = input.State.ToArray() };
        if (_stateAt >= 0)
        {
            _waiting[_stateAt] = kept;
            return true;
        }

        _stateAt = _waiting.Count;
        _waiting.Add(kept);
        return true;
    }

    /// <summary>Where the one is that this one replaces.</summary>
    private int? EarlierOf(in CanvasInput input)
    {
        for (var at = _waiting.Count - 1; at >= 0; at--)
        {
            var earlier = _waiting[at];
            if (Merges(earlier, input)) return at;
            var isAnothers = earlier.Kind == InputKind.State || (IsPassing(earlier) && (!IsPassing(input) || earlier.PointerId != input.PointerId || earlier.Action != input.Action));
            // Of its own kind with other buttons or modifiers: those have changed between, which is to be seen.
            if (!isAnothers) return null;
        }

        return null;
    }

    private bool MakeRoom()
    {
        var at = _waiting.FindIndex(static each => IsPassing(each));
        if (at < 0) return false;
        RemoveAt(at);
        return true;
    }

    private void RemoveAt(int at)
    {
        _waiting.RemoveAt(at);
        if (_stateAt > at) _stateAt--;
    }

    /// <summary>A scene that never hears of it is none the worse.</summary>
    private static bool IsPassing(in CanvasInput input) => input is { Kind: InputKind.Pointing, Action: PointerAction.Move or PointerAction.Wheel };

    private static bool Merges(in CanvasInput earlier, in CanvasInput next)
    {
        if (earlier.Kind != next.Kind || earlier.Modifiers != next.Modifiers) return false;
        if (next.Kind == InputKind.Key) return earlier.IsDown && next.IsDown && earlier.Code == next.Code;
        return IsPassing(next) && earlier.Action == next.Action && earlier.PointerId == next.PointerId && earlier.Buttons == next.Buttons;
    }
}
