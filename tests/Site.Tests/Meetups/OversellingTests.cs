using System.Net;
using System.Text.RegularExpressions;

namespace BrowserTech.Site.Tests.Meetups;

/// <summary>
/// The test the field fails: everybody at once for a few seats, over HTTP, on the real databases. It counts rows, mails
/// and what each person was told.
/// </summary>
[Collection("alone")]
public sealed class OversellingTests
{
    private const int People = 2_000;
    private const int Seats = 50;

    [Fact]
    public Task Two_thousand_at_once_for_fifty_seats_on_sqlite() => Race(postgres: null);

    [Fact]
    public async Task Two_thousand_at_once_for_fifty_seats_on_postgres() => await Race(await PostgresCluster.CreateDatabaseAsync());

    private static async Task Race(string? postgres)
    {
        using var content = new ContentFolder();
        content.WriteEvent("race", capacity: Seats);
        await using var hub = await HubProcess.StartAsync(new HubSettings
        {
            Content = content.Root,
            Environment =
            {
                ["Hub__Postgres"] = postgres,
                ["RateLimits__FormsPerMinute"] = "1000000",
                ["Mail__RunDelivery"] = "false", // the mails stay in the outbox, to be counted there
            },
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, People).Select(async i =>
        {
            using var answer = await SiteHub.PostAsync(hub.Http, "/events/race", "rsvp", ("name", $"Person {i}"), ("email", $"p{i}@example.org"), ("guests", "0"));
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            return answer.Headers.Location!.OriginalString.Contains("received=seat", StringComparison.Ordinal);
        }));

        Assert.Equal(Seats, answers.Count(seat => seat));
        var page = await hub.Http.GetStringAsync("/events/race");
        Assert.Contains($"{Seats} of {Seats} taken", page, StringComparison.Ordinal);
        Assert.Contains($"{People - Seats} people wait", page, StringComparison.Ordinal);

        using var organizer = hub.NewClient();
        using var used = await SiteHub.PostAsync(organizer, hub.SignInLink.AbsolutePath, "use-link");
        organizer.DefaultRequestHeaders.Add("Cookie", Assert.Single(used.Headers.GetValues("Set-Cookie")).Split(';')[0]);
        var csv = await organizer.GetStringAsync("/organize/events/race/guests.csv");
        Assert.Equal(Seats, Regex.Count(csv, ",going,"));
        Assert.Equal(People - Seats, Regex.Count(csv, ",waitlisted,"));
        var outbox = await organizer.GetStringAsync("/organize/outbox");
        Assert.Contains($"<dt>waiting</dt><dd>{People}</dd>", outbox, StringComparison.Ordinal);
    }
}

/// <summary>What loads the machine runs by itself.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;
