using BrowserTech.Site.Tests;

[assembly: AssemblyFixture(typeof(SiteHub))]

namespace BrowserTech.Site.Tests;

/// <summary>One running hub for all tests that only need it to be there, with content of its own.</summary>
public sealed class SiteHub() : RunningHub(new ContentFolder())
{
    public override async ValueTask InitializeAsync()
    {
        foreach (var (slug, capacity) in ((string, int?)[])[("open", null), ("small", 1), ("roomy", 50), ("crawled", 10)]) Content.WriteEvent(slug, capacity);
        Content.WriteEvent("past", day: "2020-06-01");
        Content.WriteEvent("cancelled", extra: "status: cancelled");
        Content.Write("speakers/sam.md", "---\nname: Sam\nsummary: Speaks.\n---\nText.");
        Content.Write("talks/talk.md", "---\ntitle: A talk\nsummary: About it.\nspeakers: [sam]\nevent: open\ntopics: [gpu]\n---\n:::demo probe\nA demo.\n:::\n\nText.");
        Content.Write("posts/post.md", "---\ntitle: A post\nsummary: About it.\ndate: 2026-11-01\n---\nText.\n\n```js\nlet a = 1;\n```");
        Content.Write("digest/001-first.md", "---\ntitle: First\nsummary: About it.\ndate: 2026-11-01\n---\nHello.");
        Content.Write("demos/probe/demo.md", "---\ntitle: Probe\nsummary: A demo.\nlicense: MIT\nbackend:\n  command: [\"true\"]\n---\nText.");
        Content.Write("demos/probe/client/index.html", "<!doctype html><title>Probe</title>");
        await base.InitializeAsync();
    }
}
