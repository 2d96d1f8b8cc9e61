using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace BrowserTech.SessionBackend;

/// <summary>The hub's name for this process, such as <c>be-7fq2m9</c>.</summary>
public readonly record struct BackendId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>The name under which tabs share this process.</summary>
public readonly record struct BackendKey(string Value)
{
    public override string ToString() => Value;
}

/// <summary>
/// A number that only grows: of two processes for one key, the later has the larger. Write it beside whatever you store, and refuse a
/// write that carries a smaller one.
/// </summary>
public readonly record struct FencingToken(long Value) : IComparable<FencingToken>
{
    public int CompareTo(FencingToken other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);

    public static bool operator <(FencingToken left, FencingToken right) => left.Value < right.Value;

    public static bool operator >(FencingToken left, FencingToken right) => left.Value > right.Value;

    public static bool operator <=(FencingToken left, FencingToken right) => left.Value <= right.Value;

    public static bool operator >=(FencingToken left, FencingToken right) => left.Value >= right.Value;

    /// <summary>Decimal digits alone; no sign, no space.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out FencingToken token)
    {
        var known = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value);
        token = new FencingToken(value);
        return known;
    }
}

/// <summary>Who this process is for the hub: known from the start, or told when it is taken from a pool.</summary>
/// <param name="Id">The hub's name for it.</param>
/// <param name="Key">Null where it was asked for without one.</param>
/// <param name="Fencing">Null where nothing told it: a program started by hand.</param>
/// <param name="Environment">What came with the assignment; empty otherwise. It is in the process environment as well.</param>
public sealed record BackendIdentity(
    BackendId Id, BackendKey? Key, FencingToken? Fencing, IReadOnlyDictionary<string, string> Environment)
{
    internal const string IdVariable = "SESSION_BACKEND_ID";
    internal const string KeyVariable = "SESSION_BACKEND_KEY";
    internal const string FencingVariable = "SESSION_BACKEND_FENCING_TOKEN";

    /// <summary>Null where the environment has no id: a pooled program, or one started by hand.</summary>
    internal static BackendIdentity? FromEnvironment(Func<string, string?> variable)
    {
        if (variable(IdVariable) is not { Length: > 0 } id) return null;
        return new BackendIdentity(
            new BackendId(id),
            variable(KeyVariable) is { Length: > 0 } key ? new BackendKey(key) : null,
            FencingToken.TryParse(variable(FencingVariable), out var token) ? token : null,
            ReadOnlyDictionary<string, string>.Empty);
    }
}
