using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using BrowserTech.Playground.Api;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Accounts;

/// <summary>Whom a call acts for, or why it was refused. Neither: it names no account.</summary>
internal readonly record struct Acting(AccountName? Account, IResult? Refusal);

/// <summary>
/// Decides whom a call acts for, by the bearer token in its <c>Authorization</c> header. A token that is named and wrong is always
/// refused, also where none is needed: a caller who thinks to act for an account shall not silently act for nobody.
/// <para>
/// Guessing 260 bits is hopeless; what has to be bounded is the work that tries cost. So each client may have a few tokens
/// looked up in a minute that were not found right lately. A caller with a good token is not counted,
/// and nobody's wrong tries keep out somebody else's good token that has been used before.
/// </para>
/// </summary>
internal sealed class AccountAuthority(IAccountTokens tokens, IOptions<PlaygroundOptions> options) : IDisposable
{
    private const string Scheme = "Bearer ";
    private const string Realm = "Bearer realm=\"session backends\"";

    /// <summary>Hashes of tokens that were right when last looked at; forgotten all at once when there are this many.</summary>
    private const int KnownMost = 10_000;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    private readonly PartitionedRateLimiter<string> _tries = PartitionedRateLimiter.Create<string, string>(client =>
        RateLimitPartition.GetSlidingWindowLimiter(client, _ => new SlidingWindowRateLimiterOptions
        {
            PermitLimit = options.Value.TokenTriesPerMinute, Window = TimeSpan.FromMinutes(1), SegmentsPerWindow = 6, QueueLimit = 0,
        }));

    /// <summary>What follows <c>Bearer</c>; null where the header is absent or of another scheme.</summary>
    public static string? Bearer(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? header[Scheme.Length..].Trim() : null;
    }

    /// <summary>For calls that need no account.</summary>
    public async ValueTask<Acting> Of(HttpContext context) =>
        Bearer(context.Request) is { } bearer ? await Look(context, bearer) : default;

    /// <summary>For calls about a backend that need no token. Null: there is none, or it is good.</summary>
    /// <param name="live">Null where it is over, or never was: which tokens it had is not known then.</param>
    public async ValueTask<IResult?> Open(HttpContext context, LiveBackend? live)
    {
        if (!ConnectionToken.TryParse(Bearer(context.Request), out var token)) return (await Of(context)).Refusal;
        return live is null || live.Holder(token) is not null
            ? null
            : ApiError.Result(context, StatusCodes.Status403Forbidden, "forbidden", "This token is not for this backend, or was taken back.");
    }

    /// <summary>For calls that need an account, whichever it is.</summary>
    public async ValueTask<Acting> Demand(HttpContext context)
    {
        var acting = await Of(context);
        return acting is { Account: null, Refusal: null } ? new Acting(null, Unauthorized(context, "Send an account's token as a bearer token.")) : acting;
    }

    /// <summary>For calls that need one account. Null: it may.</summary>
    public async ValueTask<IResult?> Demand(HttpContext context, AccountName owner)
    {
        var acting = await Demand(context);
        if (acting.Refusal is not null) return acting.Refusal;
        return acting.Account == owner
            ? null
            : ApiError.Result(context, StatusCodes.Status403Forbidden, "forbidden", $"This token acts for the account '{acting.Account}', and not for this one.");
    }

    public void Dispose() => _tries.Dispose();

    private async ValueTask<Acting> Look(HttpContext context, string bearer)
    {
        if (ConnectionToken.TryParse(bearer, out _)) return new Acting(null, Unauthorized(context, "This is a backend's token. This call takes an account's, which begins with at-."));
        if (!AccountToken.TryParse(bearer, out var token)) return Wrong(context);
        var hash = token.Hash();
        if (!_known.ContainsKey(hash))
        {
            using var lease = _tries.AttemptAcquire(ClientNetwork.Of(context));
            if (!lease.IsAcquired)
            {
                context.Response.Headers.RetryAfter = "60";
                return new Acting(null, ApiError.Result(context, StatusCodes.Status429TooManyRequests, "too_many_attempts",
                    "Many tokens were tried from your address in the last minute. Try again in a minute."));
            }
        }

        if (await tokens.AccountOf(token, context.RequestAborted) is { } account)
        {
            if (_known.Count >= KnownMost) _known.Clear();
            _known[hash] = true;
            return new Acting(account, null);
        }

        _known.TryRemove(hash, out _);
        return Wrong(context);
    }

    private static Acting Wrong(HttpContext context) =>
        new(null, Unauthorized(context, "This token is not valid: it is incomplete, was revoked, or its time is over. Make another one."));

    private static IResult Unauthorized(HttpContext context, string message)
    {
        context.Response.Headers.WWWAuthenticate = Realm;
        return ApiError.Result(context, StatusCodes.Status401Unauthorized, "unauthorized", message);
    }
}
