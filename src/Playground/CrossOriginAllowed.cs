namespace BrowserTech.Playground;

/// <summary>
/// Marks an endpoint that takes unsafe requests from any origin, with the reason why that is safe. The site refuses
/// all others.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class CrossOriginAllowedAttribute(string reason) : Attribute
{
    public string Reason { get; } = reason;
}
