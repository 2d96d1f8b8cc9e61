namespace BrowserTech.Demos.GpuGrid;

/// <summary>How serious an event is. The order is the order of seriousness.</summary>
internal enum Level : byte
{
    Debug,
    Info,
    Notice,
    Warn,
    Error,
}

/// <summary>
/// The words of the log: an invented network of radio telescopes. They are sent once, when a page connects; afterwards a row names
/// them by number, and is 34 bytes instead of a hundred and fifty.
/// </summary>
internal static class Catalogue
{
    public static readonly string[] Levels = ["debug", "info", "notice", "warn", "error"];

    /// <summary>At most 32. Written as their people write them: a grid that draws its own text has to draw these too.</summary>
    public static readonly string[] Stations =
    [
        "Ålvdal", "Ben Mòr", "Čačak", "Düneck", "El Peñón", "Fjóluvík", "Göreme", "Hakala", "Île-Noire", "Jaśło", "Kōbara", "Λευκάδα",
        "Mérida", "Narrabeen", "Ørsta", "Puná", "Qarasu", "Régulo", "São Roque", "Țăndărei", "Узоново", "Výška", "Ximena", "Żabno",
    ];

    public static readonly string[] Systems =
        ["antenna", "receiver", "correlator", "clock", "cryo", "network", "storage", "scheduler", "weather", "power", "safety", "operator"];

    public static readonly string[] Targets =
    [
        "Vega", "β Pictoris", "Cygnus A", "3C 273", "M 87", "Sgr A*", "Cassiopeia A", "PSR B0329+54", "ζ Ophiuchi", "Orion KL", "W3(OH)", "NGC 6946",
        "Crab", "τ Ceti", "OJ 287", "BL Lacertae", "Jupiter", "Virgo A", "R Leonis", "ε Eridani", "Hydra A", "IRC +10216", "Mrk 421", "χ Cygni",
    ];

    /// <summary>
    /// What can happen. The number is how often, in 10 000 quiet rows and in 10 000 of a storm. In a text, <c>{n:LOW-HIGH}</c> is a whole
    /// number, <c>{d:…}</c> one in tenths, <c>{x:…}</c> four hexadecimal digits, <c>{t}</c> one of <see cref="Targets"/>.
    /// </summary>
    public static readonly Template[] Templates =
    [
        new("antenna", Level.Info, 900, 350, 900_000, Shape.Ramp, "Slewed to {t}: az {d:0-3599}° el {d:80-899}°"),
        new("antenna", Level.Debug, 1300, 900, 4_000, Shape.Noise, "Tracking {t}, pointing off by {d:0-99}″"),
        new("antenna", Level.Warn, 40, 420, 60_000, Shape.Noise, "Wind {n:14-33} m/s, elevation drive at {n:70-99} %"),
        new("antenna", Level.Error, 3, 95, 1_200_000, Shape.Step, "Elevation drive stopped at {d:80-899}°: torque limit, axis {n:1-2}"),
        new("receiver", Level.Debug, 1100, 700, 9_000, Shape.Pulse, "Bandpass of {t}, {n:16-64} channels masked"),
        new("receiver", Level.Info, 600, 300, 35_000, Shape.Pulse, "Gain of {t} settled at {d:180-420} dB"),
        new("receiver", Level.Notice, 150, 260, 70_000, Shape.Spike, "Interference at {n:1100-1720} MHz, {n:2-40} channels flagged"),
        new("receiver", Level.Warn, 30, 160, 18_000, Shape.Step, "Local oscillator {n:1-4} out of lock for {n:2-90} ms"),
        new("correlator", Level.Debug, 1500, 900, 2_500, Shape.Pulse, "Fringe on {t}: SNR {d:60-980}, delay {n:0-999} ns"),
        new("correlator", Level.Info, 420, 200, 2_400_000, Shape.Ramp, "Scan {x:1-65535} of {t} integrated, {n:30-600} s"),
        new("correlator", Level.Warn, 35, 190, 300_000, Shape.Noise, "No fringe on {t} after {n:3-60} s, searching ±{n:2-16} µs"),
        new("correlator", Level.Error, 4, 60, 5_000_000, Shape.Spike, "Node {n:1-64} dropped scan {x:1-65535}: {n:1-99} % of packets late"),
        new("clock", Level.Debug, 700, 500, 600, Shape.Ramp, "Maser against GNSS: {n:1-480} ps"),
        new("clock", Level.Notice, 45, 60, 2_000, Shape.Step, "Leap of {n:1-9} ns taken out over {n:10-90} min"),
        new("cryo", Level.Info, 380, 300, 12_000, Shape.Ramp, "Stage {n:1-3} at {d:38-780} K, compressor {d:150-240} bar"),
        new("cryo", Level.Warn, 18, 70, 45_000, Shape.Ramp, "Stage {n:1-3} warms: {d:140-990} K, {d:1-45} K above its limit"),
        new("network", Level.Debug, 800, 500, 800, Shape.Noise, "{n:2-32} Gbit/s to the correlator, {n:0-400} packets resent"),
        new("network", Level.Notice, 60, 300, 250_000, Shape.Spike, "Path {x:4096-65535} → {x:4096-65535} changed, now {n:3-210} ms"),
        new("network", Level.Error, 2, 80, 9_000_000, Shape.Step, "Link {n:1-8} lost for {n:2-240} s, {n:1-900} GB kept on disk"),
        new("storage", Level.Info, 420, 260, 1_500_000, Shape.Ramp, "Module {x:256-65535}: {n:40-980} GB of {t} closed and summed"),
        new("storage", Level.Warn, 14, 60, 90_000, Shape.Spike, "Disk {n:0-31} of module {x:256-65535} slow, {n:80-900} ms a write"),
        new("scheduler", Level.Info, 330, 200, 22_000, Shape.Noise, "Block {x:1-65535} on {t} begins in {n:1-59} min"),
        new("scheduler", Level.Notice, 70, 340, 15_000, Shape.Noise, "{t} moved behind {t}: {n:2-90} min of wind"),
        new("weather", Level.Debug, 520, 480, 300, Shape.Noise, "{d:-120-340} °C, wind {n:0-14} m/s, water {d:8-220} mm"),
        new("weather", Level.Warn, 12, 380, 300, Shape.Ramp, "Storm front {n:8-90} km away, gusts of {n:18-41} m/s"),
        new("power", Level.Info, 220, 150, 1_000, Shape.Noise, "{n:38-96} kW drawn, battery at {n:60-100} %"),
        new("power", Level.Error, 2, 90, 2_500_000, Shape.Step, "Mains lost, generator {n:1-2} took over in {n:4-18} s"),
        new("safety", Level.Notice, 30, 60, 4_000, Shape.Noise, "Gate {n:1-6} opened, drives held"),
        new("safety", Level.Error, 1, 40, 600_000, Shape.Step, "Stowed in wind of {n:26-47} m/s, {n:1-9} min before the schedule"),
        new("operator", Level.Notice, 26, 30, 90_000, Shape.Noise, "„Wetter zieht zu, {t} nach vorn“"),
        new("operator", Level.Notice, 24, 24, 90_000, Shape.Noise, "«Видимость хорошая, продолжаем {t}»"),
        new("operator", Level.Notice, 22, 24, 90_000, Shape.Noise, "«نحتاج {n:5-40} دقيقة أخرى»"),
        new("operator", Level.Notice, 22, 22, 90_000, Shape.Noise, "“Tea. {t} can wait {n:5-30} min”"),
    ];

    static Catalogue()
    {
        if (Stations.Length > 32 || Templates.Length > 64) throw new InvalidOperationException("A row has five bits for a station and six for a template.");
    }
}
