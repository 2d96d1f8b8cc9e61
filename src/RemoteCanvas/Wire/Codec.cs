namespace BrowserTech.RemoteCanvas.Wire;

/// <summary>How a frame is compressed. The values are those of <see cref="FrameHeader"/>.</summary>
public enum Codec : byte
{
    /// <summary>Access units of H.264 with lengths before their NAL units, as in MP4.</summary>
    H264 = 1,
    Jpeg = 2,
    Png = 3,
    WebP = 4,
}

/// <summary>What a viewer can show, as it says in its hello.</summary>
[Flags]
public enum Codecs : byte
{
    None = 0,
    H264 = 1,
    Jpeg = 2,
    Png = 4,
    WebP = 8,
}

/// <summary>What a viewer asks for.</summary>
public enum Quality : byte
{
    /// <summary>As the line and the machine allow.</summary>
    Auto = 0,

    /// <summary>Few bytes.</summary>
    Low = 1,

    /// <summary>Few artefacts.</summary>
    High = 2,
}
