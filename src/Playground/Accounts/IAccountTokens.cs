using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Accounts;

/// <summary>
/// Which account a token acts for. Implemented by whoever keeps tokens; the playground keeps none. An answer takes the same
/// work whether or not there is such a token.
/// </summary>
public interface IAccountTokens
{
    /// <summary>Null when there is no such token, or it was revoked, or its time is over.</summary>
    ValueTask<AccountName?> AccountOf(AccountToken token, CancellationToken cancel);
}

/// <summary>Where nobody keeps tokens, nobody acts for an account.</summary>
internal sealed class NoAccountTokens : IAccountTokens
{
    public ValueTask<AccountName?> AccountOf(AccountToken token, CancellationToken cancel) => ValueTask.FromResult<AccountName?>(null);
}
