using BrowserTech.Newsletter.Outbox;
using MailKit.Net.Smtp;
using MimeKit;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>One SMTP connection, and the reading of what happens on it.</summary>
internal sealed class SmtpConnection(SmtpClient client, SmtpDialogue dialogue, int mailsLeft) : IMailConnection
{
    private static readonly TimeSpan SendLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan QuitLimit = TimeSpan.FromSeconds(3);
    private int _mailsLeft = mailsLeft;
    private bool _isBroken;

    public bool IsUsable => !_isBroken && _mailsLeft > 0 && client.IsConnected;

    public async Task<DeliveryResult> SendAsync(
        OutboxMail mail, MimeMessage message, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SendLimit);
        _mailsLeft--;
        try
        {
            var reply = await client.SendAsync(message, limit.Token);
            return new DeliveryResult(DeliveryOutcome.Accepted, reply);
        }
        catch (SmtpCommandException refusal)
        {
            _isBroken = !client.IsConnected || refusal.StatusCode == SmtpStatusCode.ServiceNotAvailable;
            var code = (int)refusal.StatusCode;
            return Refused(code, $"{code} {refusal.Message.ReplaceLineEndings(" ")}");
        }
        catch (Exception loss)
        {
            _isBroken = true;
            if (dialogue.LastCode >= 400) return Refused(dialogue.LastCode, dialogue.LastReply);
            var what = loss is OperationCanceledException ? $"no answer within {SendLimit.TotalMinutes:0} min" : loss.Message;
            return dialogue.IsInContent
                ? new DeliveryResult(DeliveryOutcome.Unknown, $"connection lost while the mail was being handed over: {what}")
                : new DeliveryResult(DeliveryOutcome.NotHandedOver, $"connection lost: {what}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            using var limit = new CancellationTokenSource(QuitLimit);
            if (client.IsConnected) await client.DisconnectAsync(quit: !_isBroken, limit.Token);
        }
        catch (Exception)
        {
            // Saying goodbye is a courtesy; the mails are accounted for.
        }

        client.Dispose();
    }

    private static DeliveryResult Refused(int code, string reply) => new(
        code >= 500 ? DeliveryOutcome.RefusedForGood : DeliveryOutcome.RefusedForNow, reply);
}
