namespace BrowserTech.Newsletter.Writing;

/// <summary>
/// The look of mails: the site's paper and graphite. Everything needed is inline, because several large mail programs drop the style
/// element; what is in it only adds a dark scheme. Colours keep their contrast when a program inverts them, so
/// there is no pure black or white text, and links are underlined because colour alone says nothing to many readers.
/// </summary>
internal static class MailStyle
{
    private const string Sans =
        "font-family:'Mona Sans',-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";

    private const string Mono =
        "font-family:'Geist Mono',ui-monospace,SFMono-Regular,Menlo,Consolas,'Liberation Mono',monospace";

    public const string Ground = "margin:0;padding:0;background-color:#f4f3ef";
    public const string Brand = $"{Sans};font-size:18px;line-height:24px;font-weight:700;color:#17181c;text-decoration:none";
    public const string Note = $"{Mono};font-size:13px;line-height:20px;color:#5a5d64";
    public const string NoteLink = "color:#5a5d64;text-decoration:underline";
    public const string Panel = "background-color:#fdfcfa;border:1px solid #dcd9d1;border-radius:14px";
    public const string Title =
        $"{Sans};margin:0;font-size:30px;line-height:36px;font-weight:760;letter-spacing:-0.02em;color:#17181c";

    public const string Lead = $"{Sans};margin:12px 0 24px;font-size:18px;line-height:28px;color:#4b4e55";
    public const string Heading =
        $"{Sans};margin:36px 0 0;font-size:22px;line-height:28px;font-weight:720;letter-spacing:-0.01em;color:#17181c";

    public const string Subheading =
        $"{Sans};margin:28px 0 0;font-size:18px;line-height:26px;font-weight:700;color:#17181c";

    public const string Paragraph = $"{Sans};margin:16px 0 0;font-size:16px;line-height:26px;color:#2a2c31";
    public const string List = $"{Sans};margin:16px 0 0;padding:0 0 0 24px;font-size:16px;line-height:26px;color:#2a2c31";
    public const string Item = "margin:6px 0 0";
    public const string Link = "color:#17181c;text-decoration:underline;text-underline-offset:3px";
    public const string Quote = "margin:20px 0 0;padding:0 0 0 16px;border-left:3px solid #c9c5bb";
    public const string Code = $"{Mono};font-size:14px;background-color:#eceae4;border-radius:4px;padding:1px 4px;color:#17181c";
    public const string CodeBlock =
        $"{Mono};margin:20px 0 0;padding:14px 16px;font-size:14px;line-height:22px;background-color:#eceae4;"
        + "border-radius:10px;color:#17181c;white-space:pre-wrap;overflow-wrap:anywhere";

    public const string CodeInBlock = $"{Mono};color:inherit";
    public const string Image = "display:block;max-width:100%;height:auto;border:0;border-radius:10px;margin:20px 0 0";
    public const string Table = $"{Sans};margin:20px 0 0;border-collapse:collapse;font-size:16px;line-height:24px;color:#2a2c31";
    public const string Cell = "padding:8px 16px 8px 0;border-bottom:1px solid #dcd9d1;text-align:left;vertical-align:top";
    public const string Rule = "margin:32px 0 0;border:0;border-top:1px solid #dcd9d1";
    public const string FactLabel = $"{Mono};font-size:13px;line-height:20px;color:#5a5d64;padding:10px 20px 0 0;vertical-align:top;text-align:left;font-weight:400;white-space:nowrap";
    public const string FactValue = $"{Sans};font-size:16px;line-height:24px;font-weight:650;color:#17181c;padding:8px 0 0;vertical-align:top";
    public const string Button =
        $"{Sans};display:inline-block;padding:13px 26px;border-radius:10px;background-color:#17181c;border:1px solid #17181c;"
        + "font-size:16px;line-height:22px;font-weight:650;color:#fdfcfa;text-decoration:none";

    /// <summary>The one line of colour: a plain one where gradients are not drawn.</summary>
    public const string Hairline =
        "height:3px;line-height:3px;font-size:3px;background-color:#a44fd8;border-radius:2px;background-image:"
        + "linear-gradient(90deg,#f0564f,#f2a83b,#54c77f,#3aa7e8,#a44fd8,#ee5fb0)";

    public const string Mark =
        "display:inline-block;width:18px;height:18px;border-radius:5px;vertical-align:-3px;background-color:#a44fd8;"
        + "background-image:linear-gradient(135deg,#f2a83b,#ee5fb0 35%,#7a6cf0 65%,#3fc8c0)";

    /// <summary>Enhancements for the programs that keep them: the dark scheme and tighter space on phones.</summary>
    public const string Sheet = """
        :root{color-scheme:light dark;supported-color-schemes:light dark}
        @media (max-width:480px){.in{padding:24px 20px 28px!important}.t{font-size:26px!important;line-height:32px!important}}
        @media (prefers-color-scheme:dark){
        body,.g{background-color:#101114!important}
        .p{background-color:#17181c!important;border-color:#2c2e34!important}
        .b,.t,.h,.l,.v,.c,.k{color:#f1f0ec!important}
        .x{color:#d6d5d0!important}.m{color:#a6a9b0!important}
        .k{background-color:#25272d!important}
        .q,.r,.d{border-color:#3a3d45!important}
        .a{background-color:#f1f0ec!important;border-color:#f1f0ec!important;color:#17181c!important}
        }
        """;
}
