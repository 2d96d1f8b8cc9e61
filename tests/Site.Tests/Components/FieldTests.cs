using BrowserTech.Site.Components;
using BrowserTech.Site.Content;
using BrowserTech.Site.Meetups;
using Bunit;
using NodaTime;

namespace BrowserTech.Site.Tests.Components;

public sealed class FieldTests : BunitContext
{
    [Fact]
    public void A_field_ties_its_label_hint_and_error_to_its_control()
    {
        var field = Render<Field>(parameters => parameters
            .Add(p => p.Id, "name").Add(p => p.Label, "Name").Add(p => p.Hint, "As on your badge.").Add(p => p.Error, "Enter your name.")
            .Add(p => p.ChildContent, attributes => builder =>
            {
                builder.OpenElement(0, "input");
                builder.AddMultipleAttributes(1, attributes);
                builder.CloseElement();
            }));

        var input = field.Find("input");
        Assert.Equal(input.Id, field.Find("label").GetAttribute("for"));
        Assert.Equal("true", input.GetAttribute("aria-invalid"));
        Assert.Equal("As on your badge. Enter your name.", string.Join(' ', input.GetAttribute("aria-describedby")!.Split(' ').Select(id => field.Find("#" + id).TextContent)));
    }

    [Theory]
    [InlineData(EventStatus.Scheduled, 80, 79, 0, "1 seat left")]
    [InlineData(EventStatus.Scheduled, 80, 80, 0, "full, waitlist open")]
    [InlineData(EventStatus.Scheduled, 80, 78, 3, "full, waitlist open")]
    [InlineData(EventStatus.Scheduled, null, 500, 0, "open")]
    [InlineData(EventStatus.Cancelled, 80, 10, 0, "cancelled")]
    [InlineData(EventStatus.Postponed, 80, 10, 0, "postponed")]
    public void An_event_says_in_a_few_words_how_it_stands(EventStatus status, int? capacity, int taken, int waiting, string words)
    {
        var line = Render<SeatLine>(parameters => parameters
            .Add(p => p.Meetup, Meetup(status, capacity)).Add(p => p.Seats, new SeatCount(capacity, taken, waiting)));
        Assert.Equal(words, line.Find("span").TextContent);
    }

    private static Event Meetup(EventStatus status, int? capacity)
    {
        var starts = new LocalDateTime(2026, 12, 10, 18, 30).InUtc();
        return new Event(Slug<Event>.Parse("e"), "E", "S", Slug<Chapter>.Parse("c"), starts, starts.Plus(Duration.FromHours(2)),
            null, null, capacity, 1, true, status, [], [], Prose.Empty);
    }
}
