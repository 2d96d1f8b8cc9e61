using System.Globalization;
using BrowserTech.Newsletter.Outbox;
using Microsoft.Extensions.Options;
using MimeKit;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// Writes mails as <c>.eml</c> files where no server is configured. A file appears whole or not at all, and has one name per row, so a
/// mail that is written again after a kill replaces itself.
/// </summary>
public sealed class MailFolderTransport(IOptions<NewsletterOptions> options) : IMailTransport, IMailConnection
{
    private string Folder => Path.GetFullPath(options.Value.MailFolder);

    /// <inheritdoc/>
    public string Description => $"the folder {options.Value.MailFolder}";

    /// <inheritdoc/>
    public bool IsUsable => true;

    /// <inheritdoc/>
    public Task<IMailConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Folder);
            return Task.FromResult<IMailConnection>(this);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TransportUnavailableException($"the mail folder cannot be made: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public async Task<DeliveryResult> SendAsync(
        OutboxMail mail, MimeMessage message, CancellationToken cancellationToken)
    {
        var path = Path.Combine(Folder, NameFor(mail));
        var unfinished = path + ".part";
        try
        {
            await using (var file = File.Create(unfinished))
                await message.WriteToAsync(file, cancellationToken);
            File.Move(unfinished, path, overwrite: true);
            return new DeliveryResult(DeliveryOutcome.Accepted, $"written to {Path.GetFileName(path)}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new DeliveryResult(DeliveryOutcome.RefusedForNow, $"could not be written: {error.Message}");
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Sorts by time, then by row; says for whom, in letters every file system takes.</summary>
    internal static string NameFor(OutboxMail mail)
    {
        var time = mail.Created.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture);
        var recipient = string.Concat(mail.RecipientAddress.Take(80).Select(letter =>
            char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '@' ? letter : '_'));
        return $"{time}-{mail.Id:D8}-{mail.Kind}-{recipient}.eml";
    }
}
