using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Storage;
using BrowserTech.Newsletter.Writing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// Sends what is due. The rows say what is to be done; a wake, from a commit in this process or from a scheduler, only says to look now, and
/// the pump also looks by itself at least once a minute. Several pumps on several machines share the rows.
/// <para>
/// The guarantee is at least once: a mail is written down as sent right after the server took it, and a connection hands over its
/// next mail only when that is committed. A kill between the two leaves at most one mail per connection that arrives twice,
/// with the same Message-ID. None is lost.
/// </para>
/// </summary>
public sealed class DeliveryPump(
    DeliveryQueue queue,
    IStore<NewsletterDb> store,
    IMailTransport transport,
    MailComposer composer,
    IssueSending issues,
    OutboxSignal signal,
    IOptions<NewsletterOptions> options,
    TimeProvider clock,
    ILogger<DeliveryPump> logger) : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FirstOutageWait = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _draining = new(1, 1);

    /// <summary>Why nothing can be sent at the moment, in words for organisers; null when all is well.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Where mails go, in words for organisers.</summary>
    public string Destination => transport.Description;

    /// <summary>Says to look now; never waits. For schedulers; commits wake the pump by themselves.</summary>
    public void Wake() => signal.Wake();

    /// <summary>Sends until told to stop; then finishes the mails being handed over, and gives back the rest.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var outageWait = FirstOutageWait;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await issues.SendDueAsync(stop);
                await DrainAsync(stop);
                if (Trouble is null)
                {
                    outageWait = FirstOutageWait;
                    await WaitAsync(stop);
                }
                else
                {
                    await Task.Delay(outageWait, clock, stop);
                    outageWait = Min(outageWait * 2, LongestWait);
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                logger.LogError(error, "Delivery failed; it begins again in {Wait}", FirstOutageWait);
                try
                {
                    await Task.Delay(FirstOutageWait, clock, stop);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
        }
    }

    /// <summary>Sends everything that is due now, and returns.</summary>
    /// <returns>How many mails were dealt with: accepted, refused or put off.</returns>
    public async Task<int> DrainAsync(CancellationToken stop = default)
    {
        await _draining.WaitAsync(stop);
        try
        {
            await queue.TakeUpAbandonedAsync(stop);
            var drain = new Drain(queue, transport, composer, options.Value.Connections, logger);
            var book = new ResultBook(store, queue.Run, options.Value.Identity.Domain, clock, logger);
            using var giveUp = new CancellationTokenSource();
            await using var stopping = stop.Register(() => giveUp.CancelAfter(TimeSpan.FromSeconds(20)));
            var writing = book.RunAsync(giveUp.Token);
            try
            {
                await drain.RunAsync(book, stop);
            }
            finally
            {
                book.Complete();
                await writing;
            }

            if (drain.Trouble != Trouble && drain.Trouble is { } trouble)
                logger.LogWarning("Mail cannot be sent now: {Reason}", trouble);
            Trouble = drain.Trouble;
            await queue.FinishIssuesAsync(stop);
            return drain.Count;
        }
        finally
        {
            _draining.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _draining.Dispose();

    private async Task WaitAsync(CancellationToken stop)
    {
        var wait = LongestWait;
        if (await queue.NextDueAsync(stop) is { } due) wait = Min(wait, due - clock.GetUtcNow());
        if (wait < ShortestWait) wait = ShortestWait;

        using var done = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var woken = signal.WaitAsync(done.Token);
        await Task.WhenAny(woken, Task.Delay(wait, clock, done.Token));
        await done.CancelAsync();
        await woken.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        stop.ThrowIfCancellationRequested();
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
