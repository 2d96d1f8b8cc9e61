namespace BrowserTech.Newsletter.Outbox;

/// <summary>Names a sort of mail, such as <c>digest-confirm</c>; exactly one template writes it.</summary>
public readonly record struct MailKind(string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
