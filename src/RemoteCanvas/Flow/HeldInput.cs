namespace BrowserTech.RemoteCanvas.Flow;

/// <summary>
/// What a scene was told is held down: keys, and pointers with a button. Whose viewer is gone is told the release by this, or a key would hang for as
/// long as the scene lives.
/// </summary>
internal sealed class HeldInput
{
    /// <summary>Nobody has more fingers; a viewer that says so anyway is let go.</summary>
    private const int MaxKeys = 64;

    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<byte, CanvasInput> _pointers = [];

    /// <exception cref="RefusedInputException">More is held than anybody can hold.</exception>
    public void Note(in CanvasInput input)
    {
        if (input is { Kind: InputKind.Key, Code: { } code })
        {
            if (!input.IsDown) _keys.Remove(code);
            else if (_keys.Add(code) && _keys.Count > MaxKeys) throw new RefusedInputException($"More than {MaxKeys} keys are held.");
        }
        else if (input is { Kind: InputKind.Pointing, Action: not PointerAction.Wheel })
        {
            if (input.Buttons == 0 || input.Action is PointerAction.Up or PointerAction.Cancel) _pointers.Remove(input.PointerId);
            else _pointers[input.PointerId] = input;
        }
    }

    /// <summary>Everything that is held, let go: pointers are cancelled where they were last, keys go up.</summary>
    public List<CanvasInput> Release(uint sequence)
    {
        List<CanvasInput> released =
        [
            .. _pointers.Values.Select(held => held with { Sequence = sequence, Action = PointerAction.Cancel, Buttons = 0, Modifiers = Modifiers.None, DeltaX = 0, DeltaY = 0 }),
            .. _keys.Select(code => new CanvasInput { Kind = InputKind.Key, Sequence = sequence, Code = code }),
        ];
        _pointers.Clear();
        _keys.Clear();
        return released;
    }
}
