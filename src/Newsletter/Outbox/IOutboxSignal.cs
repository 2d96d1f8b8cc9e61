namespace BrowserTech.Newsletter.Outbox;

/// <summary>Tells the pump that a mail was committed. Losing a signal costs time, never a mail: the rows are the truth.</summary>
public interface IOutboxSignal
{
    /// <summary>Wakes the pump; never waits.</summary>
    void Wake();
}

/// <summary>The signal of this process: wakes that arrive while nobody waits are kept as one.</summary>
public sealed class OutboxSignal : IOutboxSignal, IDisposable
{
    private readonly SemaphoreSlim _woken = new(0, 1);

    /// <inheritdoc/>
    public void Wake()
    {
        try
        {
            _woken.Release();
        }
        catch (SemaphoreFullException)
        {
            // Already woken.
        }
    }

    /// <summary>Completes at the next wake, or at once if one came before.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _woken.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _woken.Dispose();
}
