using Microsoft.AspNetCore.Builder;

namespace BrowserTech.Playground.Api;

/// <summary>Which bearer token a call takes.</summary>
internal enum TokenUse
{
    /// <summary>None; one that is sent is still checked where a call can act for an account.</summary>
    None,

    /// <summary>An account's, which opens more.</summary>
    Optional,

    /// <summary>The account's, or the one connect gave.</summary>
    AccountOrBackend,

    /// <summary>The account's.</summary>
    Account,
}

/// <summary>What a call is, told where it is mapped, so that the document about all calls cannot forget one.</summary>
/// <param name="Name">Names the call for generated clients.</param>
/// <param name="Summary">What it does, in a sentence.</param>
/// <param name="Body">The JSON it takes; null: none.</param>
/// <param name="Answer">The JSON it answers with; null: only refusals. For a stream, the data of its events.</param>
/// <param name="Status">Of the answer.</param>
internal sealed record Described(
    string Name, string Summary, TokenUse Token, Type? Body = null, Type? Answer = null, bool Streams = false, int Status = 200)
{
    /// <summary>Names of what may be in the query.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>The named events of a stream and their data. Of a call that answers without one, those it answers with where they are accepted.</summary>
    public IReadOnlyList<DescribedEvent> Events { get; init; } = [];
}

/// <param name="Name">As <c>event:</c> says it.</param>
/// <param name="Data">Its JSON; a string: plain text.</param>
internal sealed record DescribedEvent(string Name, Type Data);

internal static class Describing
{
    public static T Is<T>(this T route, Described call) where T : IEndpointConventionBuilder => route.WithMetadata(call);
}
