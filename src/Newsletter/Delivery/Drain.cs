using System.Threading.Channels;
using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Writing;
using Microsoft.Extensions.Logging;
using MimeKit;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// One go at emptying the queue: a feeder takes rows with a lease and hands them to connections, as few as there is work for. A
/// connection writes its next mail while the result of the last one is being committed, but hands it over only afterwards.
/// </summary>
internal sealed class Drain(
    DeliveryQueue queue, IMailTransport transport, MailComposer composer, int connections, ILogger logger)
{
    private const int AttemptsAtOnce = 3;
    private readonly List<OutboxMail> _returned = [];
    private int _count;

    /// <summary>Why it had to stop early; null if it did not.</summary>
    public string? Trouble { get; private set; }

    /// <summary>How many mails were dealt with.</summary>
    public int Count => _count;

    /// <summary>Runs until nothing is due, or <paramref name="stop"/>, or no connection can be had.</summary>
    public async Task RunAsync(ResultBook book, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var due = Channel.CreateBounded<OutboxMail>(connections);
        var lanes = new List<Task>();
        try
        {
            while (await ClaimAsync(end.Token) is { Count: > 0 } batch)
            {
                while (lanes.Count < Math.Min(connections, batch.Count))
                    lanes.Add(RunLaneAsync(due.Reader, book, end));
                for (var i = 0; i < batch.Count; i++)
                {
                    if (await TryHandOnAsync(due.Writer, batch[i], end.Token)) continue;
                    lock (_returned) _returned.AddRange(batch.Skip(i));
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Told to stop while taking rows: none were taken.
        }
        finally
        {
            due.Writer.Complete();
            try
            {
                await Task.WhenAll(lanes);
            }
            finally
            {
                while (due.Reader.TryRead(out var left)) _returned.Add(left);
                await queue.ReleaseAsync(_returned);
            }
        }
    }

    private async Task<IReadOnlyList<OutboxMail>> ClaimAsync(CancellationToken end)
    {
        end.ThrowIfCancellationRequested();
        while (true)
        {
            var taken = await queue.ClaimAsync(Math.Max(16, connections * 8), end);
            var toSend = taken.Where(mail => mail.State == MailState.Sending).ToList();
            if (toSend.Count > 0 || taken.Count == 0) return toSend;
        }
    }

    private static async ValueTask<bool> TryHandOnAsync(
        ChannelWriter<OutboxMail> due, OutboxMail mail, CancellationToken end)
    {
        try
        {
            await due.WriteAsync(mail, end);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task RunLaneAsync(ChannelReader<OutboxMail> due, ResultBook book, CancellationTokenSource end)
    {
        IMailConnection? connection = null;
        var written = Task.CompletedTask;
        try
        {
            while (!end.IsCancellationRequested && await due.WaitToReadAsync(end.Token) && due.TryRead(out var mail))
            {
                var (message, problem) = await WriteAsync(mail);
                await written; // at most one accepted mail of a connection is not yet written down
                if (!queue.IsHeld(mail) || end.IsCancellationRequested)
                {
                    lock (_returned) _returned.Add(mail);
                    continue;
                }

                using (message)
                {
                    var result = message is null ? problem : default;
                    if (message is not null) (connection, result) = await SendAsync(connection, mail, message);
                    written = book.AddAsync(mail, result);
                    Interlocked.Increment(ref _count);
                }
            }
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Told to stop while waiting for a mail.
        }
        catch (NoConnectionException none)
        {
            lock (_returned) _returned.Add(none.Mail);
            Trouble = none.Message;
            await end.CancelAsync(); // the other connections finish the mail they are at, and stop
        }
        catch
        {
            await end.CancelAsync(); // results cannot be written down: nobody may send on
            throw;
        }
        finally
        {
            if (connection is not null) await connection.DisposeAsync();
            await written;
        }
    }

    private async Task<(MimeMessage?, DeliveryResult)> WriteAsync(OutboxMail mail)
    {
        try
        {
            return (await composer.WriteAsync(mail, CancellationToken.None), default);
        }
        catch (Exception error)
        {
            logger.LogError(error, "Mail {Id} ({Kind}) could not be written", mail.Id, mail.Kind);
            return (null, new DeliveryResult(DeliveryOutcome.RefusedForNow, $"the mail could not be written: {error.Message}"));
        }
    }

    /// <summary>Sends, on a new connection where the old one ends before the mail is handed over.</summary>
    private async Task<(IMailConnection?, DeliveryResult)> SendAsync(
        IMailConnection? connection, OutboxMail mail, MimeMessage message)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (connection is { IsUsable: false })
            {
                await connection.DisposeAsync();
                connection = null;
            }

            try
            {
                connection ??= await transport.ConnectAsync(CancellationToken.None);
            }
            catch (TransportUnavailableException unavailable)
            {
                throw new NoConnectionException(mail, unavailable);
            }

            var result = await connection.SendAsync(mail, message, CancellationToken.None);
            if (result.Outcome != DeliveryOutcome.NotHandedOver || attempt == AttemptsAtOnce) return (connection, result);
        }
    }

    private sealed class NoConnectionException(OutboxMail mail, Exception cause) : Exception(cause.Message, cause)
    {
        public OutboxMail Mail { get; } = mail;
    }
}
