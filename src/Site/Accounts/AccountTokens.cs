using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Playground.Accounts;
using BrowserTech.Playground.Catalog;
using BrowserTech.Site.Storage;
using Microsoft.EntityFrameworkCore;

namespace BrowserTech.Site.Accounts;

/// <summary>
/// The tokens of accounts: made, listed, recognised and taken back. Every call looks the token up in the database, so that one which is
/// taken back is refused from the next call on, by whichever process that was done.
/// </summary>
public sealed class AccountTokens(IStore<HubDb> store, TimeProvider time, ILogger<AccountTokens> log) : IAccountTokens
{
    public const int MaxLabel = 100;

    /// <summary>The longest a token may be given for; one that shall not end has no end at all.</summary>
    public const int MaxDays = 3650;

    private static readonly TimeSpan UsedPrecision = TimeSpan.FromHours(1);

    // Compared with where there is no such token, so that the answer takes the same work.
    private static readonly string Nobody = new('0', 64);

    /// <param name="account">Whom it acts for.</param>
    /// <param name="label">What it is for; at most <see cref="MaxLabel"/> characters.</param>
    /// <param name="lifetime">Null: until it is taken back.</param>
    /// <returns>The token, which can be shown now and never again.</returns>
    public async Task<AccountToken> IssueAsync(AccountName account, string label, TimeSpan? lifetime, CancellationToken cancel = default)
    {
        var token = AccountToken.New();
        var now = time.GetUtcNow();
        await store.ChangeAsync((db, _) =>
        {
            db.AccountTokens.Add(new IssuedToken
            {
                Id = token.Id.Value, Account = account.Value, Label = label, Hash = token.Hash(), Created = now, Expires = now + lifetime,
            });
            return Task.CompletedTask;
        }, key: null, cancel);
        return token;
    }

    /// <summary>The newest first; those that do not work any more included.</summary>
    public Task<List<IssuedToken>> ListAsync(CancellationToken cancel = default) =>
        store.ReadAsync((db, stop) => db.AccountTokens.OrderByDescending(row => row.Created).ThenBy(row => row.Id).ToListAsync(stop), cancel);

    /// <summary>False when there is no such token, or it was taken back before.</summary>
    public Task<bool> RevokeAsync(AccountTokenId id, CancellationToken cancel = default)
    {
        var now = time.GetUtcNow();
        return store.ChangeAsync(async (db, stop) => await db.AccountTokens
            .Where(row => row.Id == id.Value && row.Revoked == null)
            .ExecuteUpdateAsync(row => row.SetProperty(each => each.Revoked, now), stop) == 1, key: null, cancel);
    }

    public async ValueTask<AccountName?> AccountOf(AccountToken token, CancellationToken cancel)
    {
        var row = await store.ReadAsync((db, stop) => db.AccountTokens.FirstOrDefaultAsync(each => each.Id == token.Id.Value, stop), cancel);
        var right = CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(row?.Hash ?? Nobody), Encoding.ASCII.GetBytes(token.Hash()));
        var now = time.GetUtcNow();
        if (row is null || !right || !row.Works(now) || !AccountName.TryParse(row.Account, out var account)) return null;
        await NoteUseAsync(row, now);
        return account;
    }

    /// <summary>A note and no more: a call that may be made is made, whether or not the note can be.</summary>
    private async Task NoteUseAsync(IssuedToken row, DateTimeOffset now)
    {
        var hour = new DateTimeOffset(now.Ticks - (now.Ticks % UsedPrecision.Ticks), TimeSpan.Zero);
        if (row.LastUsed >= hour) return;
        try
        {
            await store.ChangeAsync((db, cancel) => db.AccountTokens.Where(each => each.Id == row.Id)
                .ExecuteUpdateAsync(each => each.SetProperty(token => token.LastUsed, hour), cancel));
        }
        catch (Exception error) when (error is DbException or TimeoutException)
        {
            log.LogWarning(error, "The use of {Token} could not be noted", row.Id);
        }
    }
}
