namespace BrowserTech.SessionBackend;

/// <summary>
/// Who asks, as the hub vouches for it. The hub removes every <c>X-Verified-*</c> header a client sends and sets its own,
/// so what is here cannot be forged by anybody who reaches this process through it; and nobody reaches its socket otherwise.
/// </summary>
/// <param name="Backend">This process, as the hub calls it. Null only without a hub.</param>
/// <param name="Key">The key this process was asked for under.</param>
/// <param name="Fencing">As in <see cref="BackendIdentity"/>.</param>
/// <param name="Path">The path as the client sees it below the backend's address.</param>
/// <param name="Secret">The secret of the caller's connection: the same for as long as it holds its token, shown to nobody else.</param>
/// <param name="User">The <c>user</c> that connect was called with.</param>
/// <param name="UserData">The <c>auth</c> that connect was called with, as JSON text.</param>
public sealed record VerifiedCaller(
    BackendId? Backend, BackendKey? Key, FencingToken? Fencing, string? Path, string? Secret, string? User, string? UserData)
{
    public const string Prefix = "X-Verified-";

    /// <summary>From any server's headers; the function gives the value for a name, or null or an empty text.</summary>
    public static VerifiedCaller From(Func<string, string?> header)
    {
        return new VerifiedCaller(
            Value("Backend") is { } id ? new BackendId(id) : null,
            // A header carries ASCII, a key any text.
            Value("Key") is { } key ? new BackendKey(Uri.UnescapeDataString(key)) : null,
            FencingToken.TryParse(Value("Fencing-Token"), out var token) ? token : null,
            Value("Path"),
            Value("Secret"),
            Value("Username"),
            Value("User-Data"));

        string? Value(string name) => header(Prefix + name) is { Length: > 0 } value ? value : null;
    }
}
