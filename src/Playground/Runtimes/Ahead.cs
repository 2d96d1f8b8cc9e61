namespace BrowserTech.Playground.Runtimes;

/// <summary>How much of a start is done before anybody asks for it.</summary>
public enum Ahead
{
    /// <summary>Nothing: it is started for somebody.</summary>
    Nothing,

    /// <summary>
    /// The sandbox stands, limits and all, and waits at the point where it would start the program. That knows who it is from its
    /// environment and cannot tell the difference.
    /// </summary>
    Sandbox,

    /// <summary>The program runs and has loaded what it needs; it is told who it is when somebody comes.</summary>
    Program,
}
