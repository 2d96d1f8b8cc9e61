using BrowserTech.Newsletter.Issues;
using BrowserTech.Newsletter.Writing;
using Microsoft.Extensions.Options;

namespace BrowserTech.Newsletter.Tests.Writing;

/// <summary>Mails with everything in them, for tests and for looking at.</summary>
internal static class Samples
{
    public static MailWriter Writer { get; } =
        new(Options.Create(new NewsletterOptions { Identity = TestHub.Identity }));

    public static TransactionalMail Rsvp { get; } = new()
    {
        Subject = "You are going: GPU night in New York",
        Heading = "You are going",
        Facts =
        [
            new("what", "GPU night: interfaces without the DOM"),
            new("when", "Thu 10 Dec 2026, 18:30 to 21:00 EST"),
            new("where", "New York, address below"),
            new("guests", "1, Grace <grace@example.org> & co"),
        ],
        Paragraphs =
        [
            "Doors open at 18:30. Bring a laptop if you want to run the demos on your own screen.",
            "If your plans change, say so: the next person on the waitlist gets your seat at once.",
        ],
        Button = new("Change or cancel", new Uri("https://browsertech.example/rsvp/abc")),
        Links = [new("Show the event", new Uri("https://browsertech.example/events/gpu-night"))],
        SmallPrint = ["The calendar entry is attached.", "This link is yours: whoever has it can change your RSVP."],
        Attachments = [new("gpu-night.ics", "text/calendar; charset=utf-8; method=PUBLISH", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"u8.ToArray())],
    };

    public static IssueContent Issue { get; } = new(
        12, "Pixels that arrive before you ask",
        "Pixel streaming without the wait, DuckDB past the tab, and two meetups worth a train ride.",
        """
        Most demos of **server-side rendering** hide the round trip. The ones below show it, and then
        make it small. Read [how a session backend starts](/posts/session-backends) first, or
        go straight to the [playground](/playground).

        ## What to read

        - [Scaling DuckDB in the browser](/talks/duckdb-browser): what 4 GB of memory means for `GROUP BY`, and
          what happens when the query moves to a process of your own.
        - [GPU-rendered UIs](https://example.com/gpu?a=1&b=2), one canvas, *no DOM*, and a text field that works.
        - A list in a list:
            1. first
            2. second, with `code <b>`

        ### A measurement

        | engine | rows | time |
        | --- | ---: | ---: |
        | in the tab | 10,000,000 | 840 ms |
        | in a session backend | 10,000,000 | 96 ms |

        > The fastest frame is the one that was already on its way.

        ```js
        const socket = new WebSocket(backend.url);
        socket.onmessage = ({ data }) => draw(new Float32Array(data)); // a very long line that a phone has to wrap somewhere
        ```

        ## What is on

        1. **New York**, Thu 10 Dec: [GPU night](/events/gpu-night), 12 seats left.
        2. **San Francisco**, Tue 12 Jan: [Pixel streaming, or: whose GPU is it?](/events/pixel-streaming)

        ![A terrain of points, coloured by height](/posters/point-cloud.png)

        ---

        <script>alert(1)</script> and [a trap](javascript:alert(1)) are only text.
        Write to us: <hello@browsertech.example> or see <https://browsertech.example/privacy>.
        """,
        new DateOnly(2026, 11, 23), null, [], []);
}
