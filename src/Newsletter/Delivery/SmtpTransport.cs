using System.Net.Sockets;
using BrowserTech.Newsletter.Outbox;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>Hands mails to an SMTP server through MailKit.</summary>
public sealed class SmtpTransport(IOptions<NewsletterOptions> options) : IMailTransport
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    private SmtpOptions Smtp => options.Value.Smtp ?? throw new InvalidOperationException("no SMTP server is configured");

    /// <inheritdoc/>
    public string Description => $"{Smtp.Host}:{Smtp.Port}";

    /// <inheritdoc/>
    public async Task<IMailConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ConnectLimit);
        var dialogue = new SmtpDialogue();
        var client = new SmtpClient(dialogue);
        try
        {
            await ConnectAsync(client, limit.Token);
            return new SmtpConnection(client, dialogue, Smtp.MailsPerConnection);
        }
        catch (Exception error)
        {
            client.Dispose();
            if (cancellationToken.IsCancellationRequested) throw;
            throw new TransportUnavailableException($"{Description}: {Reason(error, dialogue)}", error);
        }
    }

    private async Task ConnectAsync(SmtpClient client, CancellationToken cancellationToken)
    {
        // With the socket MailKit makes itself, Nagle's algorithm and the server's delayed acknowledgement wait for each
        // other on every mail: 44 ms each, 22 mails per second. Without the delay it is over 1,800.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(Smtp.Host, Smtp.Port, cancellationToken);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        client.LocalDomain = options.Value.Identity.Domain;
        await client.ConnectAsync(socket, Smtp.Host, Smtp.Port, Smtp.Tls switch
        {
            SmtpTls.None => SecureSocketOptions.None,
            SmtpTls.StartTlsWhenOffered => SecureSocketOptions.StartTlsWhenAvailable,
            SmtpTls.Implicit => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.StartTls,
        }, cancellationToken);

        // DATA asks for permission (354) before the content, BDAT does not: only with DATA is it known afterwards
        // whether a lost connection can have cost or doubled a mail.
        client.Capabilities &= ~SmtpCapabilities.Chunking;
        if (Smtp is { User: { } user, Password: { } password })
            await client.AuthenticateAsync(user, password, cancellationToken);
    }

    private static string Reason(Exception error, SmtpDialogue dialogue) => error switch
    {
        OperationCanceledException => $"no connection within {ConnectLimit.TotalSeconds:0} s",
        AuthenticationException => $"the server refuses the user name or password ({dialogue.LastReply})",
        SslHandshakeException => "the server's certificate is not valid for it, or TLS is not what it speaks on this port",
        NotSupportedException => "the server does not offer STARTTLS",
        SmtpProtocolException or SmtpCommandException when dialogue.LastReply.Length > 0 =>
            $"the server says {dialogue.LastReply}",
        _ => error.Message,
    };
}
