namespace BrowserTech.Newsletter.Delivery;

/// <summary>How a connection to a mail server is protected.</summary>
public enum SmtpTls
{
    /// <summary>Not at all: for a server on this machine.</summary>
    None,

    /// <summary>STARTTLS; a server that does not offer it is refused.</summary>
    StartTls,

    /// <summary>STARTTLS where the server offers it.</summary>
    StartTlsWhenOffered,

    /// <summary>TLS from the first byte, usually port 465.</summary>
    Implicit,
}
