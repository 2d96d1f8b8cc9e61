namespace BrowserTech.RemoteCanvas;

/// <summary>What kind of thing a viewer did.</summary>
public enum InputKind : byte
{
    /// <summary>State of the page's own making (<c>element.state = bytes</c>), a camera say. Only the newest counts.</summary>
    State = 3,

    /// <summary>A pointer or the wheel. Moves are merged into the newest, everything else arrives.</summary>
    Pointing = 4,

    /// <summary>A key went down or up. All arrive.</summary>
    Key = 5,
}

/// <summary>What a pointer did.</summary>
public enum PointerAction : byte
{
    Move = 0,
    Down = 1,
    Up = 2,
    Cancel = 3,

    /// <summary>Deltas of moves that were merged are added up.</summary>
    Wheel = 4,
}

/// <summary>Keys held while something happened.</summary>
[Flags]
public enum Modifiers : byte
{
    None = 0,
    Shift = 1,
    Control = 2,
    Alt = 4,
    Meta = 8,
}

/// <summary>One thing a viewer did. The fields that its kind does not name are zero.</summary>
public readonly record struct CanvasInput
{
    public required InputKind Kind { get; init; }

    /// <summary>Grows with each input of a viewer. A frame tells the newest one it answers.</summary>
    public required uint Sequence { get; init; }

    /// <summary>What the page set. At most <see cref="CanvasLimits.MaxState"/> bytes; hold a copy, not this.</summary>
    public ReadOnlyMemory<byte> State { get; init; }

    public PointerAction Action { get; init; }

    /// <summary>Which finger or mouse.</summary>
    public byte PointerId { get; init; }

    /// <summary>Buttons that are down, as <c>PointerEvent.buttons</c> counts them.</summary>
    public byte Buttons { get; init; }

    public Modifiers Modifiers { get; init; }

    /// <summary>Place in the canvas, 0 at the left to 1 at the right edge; beyond them while a button is held.</summary>
    public float X { get; init; }

    /// <summary>0 at the top to 1 at the bottom.</summary>
    public float Y { get; init; }

    /// <summary>Of the wheel, in CSS pixels.</summary>
    public float DeltaX { get; init; }

    /// <summary>Of the wheel, in CSS pixels.</summary>
    public float DeltaY { get; init; }

    /// <summary>Whether the key went down; else up.</summary>
    public bool IsDown { get; init; }

    /// <summary>The key's place on the keyboard, as <c>KeyboardEvent.code</c> names it; at most 32 characters.</summary>
    public string? Code { get; init; }
}
