using System.Text;
using MailKit;

namespace BrowserTech.Newsletter.Delivery;

/// <summary>
/// Remembers the server's last line. MailKit reports a server that answers and hangs up only as a lost connection; this is how the
/// answer is known all the same, and whether the content had been asked for.
/// </summary>
internal sealed class SmtpDialogue : IProtocolLogger
{
    private const int MaximumLine = 500;
    private readonly StringBuilder _line = new();

    /// <summary>The last whole line, such as <c>450 4.3.0 Try later</c>; empty if none came.</summary>
    public string LastReply { get; private set; } = "";

    /// <summary>The code of the last line; 0 if none came.</summary>
    public int LastCode => LastReply.Length >= 3 && int.TryParse(LastReply.AsSpan(0, 3), out var code) ? code : 0;

    /// <summary>True between the permission to send the content and the answer to it.</summary>
    public bool IsInContent => LastCode == 354;

    /// <inheritdoc/>
    public IAuthenticationSecretDetector? AuthenticationSecretDetector { get; set; } = new NothingSecret();

    /// <inheritdoc/>
    public void LogConnect(Uri uri)
    {
    }

    /// <inheritdoc/>
    public void LogClient(byte[] buffer, int offset, int count)
    {
    }

    /// <inheritdoc/>
    public void LogServer(byte[] buffer, int offset, int count)
    {
        foreach (var letter in buffer.AsSpan(offset, count))
        {
            if (letter == '\n')
            {
                LastReply = _line.ToString();
                _line.Clear();
            }
            else if (letter != '\r' && _line.Length < MaximumLine)
            {
                _line.Append(letter is >= 0x20 and < 0x7F ? (char)letter : '?');
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    /// <summary>The client's side, passwords included, is not looked at.</summary>
    private sealed class NothingSecret : IAuthenticationSecretDetector
    {
        public IList<AuthenticationSecret> DetectSecrets(byte[] buffer, int offset, int count) => [];
    }
}
