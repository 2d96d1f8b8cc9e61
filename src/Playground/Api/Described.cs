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
}

internal static class Describing
{
    public static RouteHandlerBuilder Is(this RouteHandlerBuilder route, Described call) => route.WithMetadata(call);
}
