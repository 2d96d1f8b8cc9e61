using Microsoft.Extensions.FileProviders;

namespace BrowserTech.Playground.Demos;

/// <summary>The typefaces that demos may use, served to their pages from their own origin: a page there loads nothing from elsewhere.</summary>
/// <param name="Files">Has them under <see cref="Prefix"/>. Null: there are none, and the stage's style falls back to what the visitor's system has.</param>
public sealed record DemoTypefaces(IFileProvider? Files)
{
    public const string Prefix = "/fonts/";
}
