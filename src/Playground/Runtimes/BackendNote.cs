using System.Text.Json;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Catalog;

namespace BrowserTech.Playground.Runtimes;

/// <summary>
/// What the next hub has to know about a backend when this one is killed: which process it was, and what to say to those who ask
/// for it. It holds no token and no environment.
/// </summary>
/// <param name="Pid">The process the hub started.</param>
/// <param name="StartTicks">When, in ticks since boot; null when it had ended before anybody could look.</param>
/// <param name="Id">Null while it is kept warm and is nobody's yet.</param>
public sealed record BackendNote(int Pid, long? StartTicks, string? Id, string Account, string Service, string? Key, long Fencing)
{
    public static BackendNote Of(BackendSpec spec, int pid) => new(
        pid, ProcessStat.StartTicks(pid), spec.Ahead == Ahead.Nothing ? spec.Id.Value : null, spec.Service.Account.Value, spec.Service.Name.Value,
        spec.Key?.Value, spec.Fencing.Value);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Null for what is not a note: it was being written when the hub was killed.</summary>
    public static BackendNote? FromJson(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize<BackendNote>(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>How it is told of: it is gone, and when exactly nobody knows.</summary>
    public BackendView? Lost(DateTimeOffset now)
    {
        if (!BackendId.TryParse(Id, out var id) || !AccountName.TryParse(Account, out var account)
            || !ServiceName.TryParse(Service, out var service)) return null;
        return new BackendView
        {
            Id = id,
            Account = account,
            Service = service,
            Key = BackendKey.TryParse(Key, out var key) ? key : null,
            Fencing = new FencingToken(Fencing),
            History = [new StateChange(BackendState.Terminated, now)],
            Reason = EndReason.Lost,
            Hard = true,
            LastActivity = now,
            Grace = TimeSpan.Zero,
            LifetimeEnds = now,
        };
    }
}
