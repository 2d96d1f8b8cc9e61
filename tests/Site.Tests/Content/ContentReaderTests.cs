using BrowserTech.Site.Content;

namespace BrowserTech.Site.Tests.Content;

public sealed class ContentReaderTests : IDisposable
{
    private readonly ContentFolder _folder = new();
    private readonly ContentReader _reader;

    public ContentReaderTests() => _reader = new ContentReader(_folder.Root);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_shipped_content_has_no_problem()
    {
        var shipped = new ContentReader(Path.Combine(HubProcess.Repository, "content")).Read();
        Assert.Empty(shipped.Problems);
        Assert.NotEmpty(shipped.Events);
        Assert.NotEmpty(shipped.Demos);
    }

    [Fact]
    public void An_event_has_its_times_in_its_chapters_zone()
    {
        _folder.WriteEvent("meetup", capacity: 10);
        var meetup = Assert.Single(_reader.Read().Events.Values);
        Assert.Equal("2099-06-01T22:30:00Z", meetup.Starts.ToInstant().ToString());
        Assert.Equal("America/New_York", meetup.Starts.Zone.Id);
    }

    [Theory]
    [InlineData("starts: tonight", "'tonight' is not a local time as in 2026-12-10 18:30")]
    [InlineData("starts: 2099-06-01 22:00", "'ends' must be after 'starts'")]
    [InlineData("capacity: many", "'capacity' must be a whole number from 1 to 100000, not 'many'")]
    [InlineData("capacity: 0", "'capacity' must be a whole number from 1 to 100000, not '0'")]
    [InlineData("status: maybe", "'maybe' is none of scheduled, postponed, cancelled")]
    [InlineData("rsvp: perhaps", "'rsvp' must be true or false, not 'perhaps'")]
    public void A_wrong_value_is_reported_with_its_line_and_the_event_is_not_shown(string line, string reason)
    {
        var key = line.Split(':')[0];
        var lines = Event().Where(l => !l.StartsWith(key + ":", StringComparison.Ordinal)).ToList();
        lines.Insert(3, line);
        _folder.Write("events/wrong.md", string.Join('\n', lines));

        var snapshot = _reader.Read();
        var problem = Assert.Single(snapshot.Problems);
        Assert.Equal("events/wrong.md", problem.Path);
        Assert.Contains(reason, problem.Reason, StringComparison.Ordinal);
        if (!reason.StartsWith("'ends'", StringComparison.Ordinal)) Assert.Equal(4, problem.Line);
        Assert.Empty(snapshot.Events);
    }

    [Fact]
    public void Every_mistake_of_a_file_is_found_in_one_reading()
    {
        _folder.Write("events/wrong.md", "---\ntitle: T\nchapter: Town!\nstarts: x\nends: y\ncapacity: -1\n---\n");
        var reasons = _reader.Read().Problems.Select(p => p.Reason).ToList();
        Assert.True(reasons.Count >= 6, string.Join('\n', reasons));
    }

    [Fact]
    public void A_misspelt_key_is_reported_but_takes_nothing_away()
    {
        _folder.WriteEvent("meetup", extra: "capasity: 20");
        var snapshot = _reader.Read();
        Assert.Contains("'capasity' is not a key", Assert.Single(snapshot.Problems).Reason, StringComparison.Ordinal);
        Assert.Single(snapshot.Events);
    }

    [Theory]
    [InlineData("no front matter at all", 1)]
    [InlineData("---\ntitle: never closed\n", 1)]
    [InlineData("---\ntitle: [a\n---\n", 2)]
    [InlineData("---\n- a list\n---\n", 2)]
    public void A_file_without_a_readable_head_is_reported_with_a_line(string text, int line)
    {
        _folder.Write("posts/broken.md", text);
        var problem = Assert.Single(_reader.Read().Problems);
        Assert.Equal("posts/broken.md", problem.Path);
        Assert.InRange(problem.Line, line, line + 1);
    }

    [Fact]
    public void A_file_that_breaks_keeps_its_last_good_version_and_a_mended_one_is_taken()
    {
        _folder.Write("posts/p.md", Post("First"));
        Assert.Equal("First", _reader.Read().Posts.Values.Single().Title);

        _folder.Write("posts/p.md", Post("Second").Replace("date: 2026-11-01", "date: yesterday"));
        var broken = _reader.Read();
        Assert.Equal("First", broken.Posts.Values.Single().Title);
        Assert.Equal(4, Assert.Single(broken.Problems).Line);

        _folder.Write("posts/p.md", Post("Third"));
        var mended = _reader.Read();
        Assert.Equal("Third", mended.Posts.Values.Single().Title);
        Assert.Empty(mended.Problems);
    }

    [Fact]
    public void A_deleted_file_is_gone_and_does_not_come_back_with_its_name()
    {
        _folder.Write("posts/p.md", Post("First"));
        _reader.Read();
        _folder.Delete("posts/p.md");
        Assert.Empty(_reader.Read().Posts);
        _folder.Write("posts/p.md", "broken");
        Assert.Empty(_reader.Read().Posts);
    }

    [Fact]
    public void A_broken_site_file_keeps_the_last_good_one()
    {
        Assert.Equal("Test Site", _reader.Read().Site.Name);
        _folder.Write("site.yml", "name: [");
        var snapshot = _reader.Read();
        Assert.Equal("Test Site", snapshot.Site.Name);
        Assert.Equal("site.yml", Assert.Single(snapshot.Problems).Path);
    }

    [Fact]
    public void An_event_of_an_unknown_chapter_is_left_out_and_reported_where_it_says_so()
    {
        _folder.WriteEvent("meetup");
        _folder.Delete("chapters/town.md");
        var snapshot = _reader.Read();
        Assert.Empty(snapshot.Events);
        var problem = Assert.Single(snapshot.Problems);
        Assert.Equal(("events/meetup.md", 4), (problem.Path, problem.Line));
    }

    [Fact]
    public void A_reference_that_points_nowhere_is_dropped_and_the_page_stays()
    {
        _folder.WriteEvent("meetup", extra: "topics: [gpu, cooking]\nprogram:\n  - at: \"19:00\"\n    talk: nowhere\n  - at: \"18:30\"\n    title: Doors");
        var snapshot = _reader.Read();
        var meetup = Assert.Single(snapshot.Events.Values);
        Assert.Equal("Doors", Assert.Single(meetup.Program).Title);
        Assert.Equal("gpu", Assert.Single(meetup.Topics).Value);
        Assert.Equal(2, snapshot.Problems.Count);
    }

    [Fact]
    public void A_time_that_the_clocks_skip_is_reported()
    {
        _folder.Write("events/gap.md", string.Join('\n', Event()).Replace("2099-06-01 18:30", "2026-03-08 02:30").Replace("2099-06-01 21:00", "2026-03-08 05:00"));
        var snapshot = _reader.Read();
        Assert.Empty(snapshot.Events);
        Assert.Contains("does not exist in America/New_York", Assert.Single(snapshot.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_reported()
    {
        _folder.WriteBytes("posts/latin.md", [.. "---\ntitle: Caf"u8, 0xE9, .. "\n---\n"u8]);
        Assert.Contains("not UTF-8", Assert.Single(_reader.Read().Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_no_parser_survives_is_that_files_problem()
    {
        _folder.Write("posts/fine.md", Post("Fine"));
        _folder.Write("posts/deep.md", Post("Deep") + "\n\n" + string.Concat(Enumerable.Repeat("> ", 400)) + "x");
        _folder.Write("demos/odd/demo.md", "---\ntitle: T\nsummary: S\nlicense: MIT\nbackend:\n  command: [x]\n  environment:\n    ? [a, b]\n    : c\n---\n");
        var snapshot = _reader.Read();
        Assert.Contains(snapshot.Posts.Values, post => post.Title == "Fine");
        Assert.Contains(snapshot.Problems, problem => problem.Path == "demos/odd/demo.md");
        Assert.True(snapshot.Posts.Count == 2 || snapshot.Problems.Any(problem => problem.Path == "posts/deep.md"));
    }

    [Fact]
    public void A_demo_without_a_page_is_reported_and_not_runnable_until_the_page_is_there()
    {
        _folder.Write("demos/bare/demo.md", "---\ntitle: T\nsummary: S\nlicense: MIT\nbackend:\n  command: [x]\n---\n");
        _folder.Write("demos/bare/backend/x", "#!/bin/sh\n");
        var without = _reader.Read();
        Assert.Equal("content/demos/bare: client/index.html is missing, so the demo cannot be run here", Assert.Single(without.Problems).ToString());
        Assert.False(Assert.Single(without.Demos.Values).HasPage);

        _folder.Write("demos/bare/client/index.html", "<!doctype html>");
        var with = _reader.Read();
        Assert.Empty(with.Problems);
        Assert.True(Assert.Single(with.Demos.Values).HasPage);
    }

    [Theory]
    [InlineData("node server.mjs", null, "demo.md:6: 'command' is a list, one word each: [node, server.mjs]")]
    [InlineData("[/usr/bin/node, server.mjs]", null, "the bare name of a program in /usr/bin, as node, not with '/usr/bin/node'")]
    [InlineData("[node, server.mjs]", null, "the folder backend/ is missing")]
    [InlineData("[./server]", "other", "backend/server is missing, so the demo cannot be run here")]
    [InlineData("[dotnet, Server.dll]", "other", "backend/Server.dll is missing")]
    public void A_backend_that_cannot_start_is_found_before_anybody_presses_Run(string command, string? file, string words)
    {
        _folder.Write("demos/odd/demo.md", $"---\ntitle: T\nsummary: S\nlicense: MIT\nbackend:\n  command: {command}\n---\n");
        _folder.Write("demos/odd/client/index.html", "<!doctype html>");
        if (file is not null) _folder.Write($"demos/odd/backend/{file}", "");
        var snapshot = _reader.Read();
        Assert.Contains(words, Assert.Single(snapshot.Problems).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(snapshot.Demos.Values, demo => demo.HasPage);
    }

    [Theory]
    [InlineData("[./backend]", "Counting.csproj")]
    [InlineData("[node, server.mjs]", "server.mjs")]
    [InlineData("[./server]", "server")]
    public void A_backend_that_is_there_or_will_be_built_is_no_mistake(string command, string file)
    {
        _folder.Write("demos/fine/demo.md", $"---\ntitle: T\nsummary: S\nlicense: MIT\nbackend:\n  command: {command}\n---\n");
        _folder.Write("demos/fine/client/index.html", "<!doctype html>");
        _folder.Write($"demos/fine/backend/{file}", "");
        Assert.Empty(_reader.Read().Problems);
    }

    [Fact]
    public void A_file_larger_than_prose_is_not_read()
    {
        _folder.WriteBytes("posts/huge.md", new byte[2 << 20]);
        Assert.Contains("larger than 1024 KiB", Assert.Single(_reader.Read().Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_digest_issue_takes_its_number_from_its_name()
    {
        _folder.Write("digest/007-spring.md", "---\ntitle: Spring\nsummary: S\ndate: 2026-11-01\nsend_at: 2026-11-02 09:00 -05:00\n---\nHello.");
        _folder.Write("digest/spring.md", "---\ntitle: Spring\nsummary: S\ndate: 2026-11-01\n---\nHello.");
        var snapshot = _reader.Read();
        var issue = Assert.Single(snapshot.Issues.Values);
        Assert.Equal(7, issue.Number);
        Assert.Equal("2026-11-02T14:00:00Z", issue.SendAt.ToString());
        Assert.Contains("begins with its number", Assert.Single(snapshot.Problems).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_issues_with_one_number_are_reported_and_the_first_is_kept()
    {
        _folder.Write("digest/001-a.md", "---\ntitle: A\nsummary: S\ndate: 2026-11-01\n---\nHello.");
        _folder.Write("digest/1-b.md", "---\ntitle: B\nsummary: S\ndate: 2026-11-01\n---\nHello.");
        var snapshot = _reader.Read();
        Assert.Equal("A", Assert.Single(snapshot.Issues.Values).Title);
        Assert.Contains("number 1 already", Assert.Single(snapshot.Problems).Reason, StringComparison.Ordinal);
    }

    private static string[] Event() =>
    [
        "---", "title: Wrong", "summary: An event.", "chapter: town", "starts: 2099-06-01 18:30", "ends: 2099-06-01 21:00",
        "venue:", "  name: A room", "---", "Text.",
    ];

    private static string Post(string title) => $"---\ntitle: {title}\nsummary: S\ndate: 2026-11-01\n---\nText.";
}
