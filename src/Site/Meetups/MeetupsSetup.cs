using BrowserTech.Newsletter.Outbox;

namespace BrowserTech.Site.Meetups;

/// <summary>Events, seats and RSVPs.</summary>
public static class MeetupsSetup
{
    public static IServiceCollection AddMeetups(this IServiceCollection services)
    {
        services.AddSingleton<SeatCounts>();
        services.AddSingleton<RsvpDesk>();
        services.AddSingleton<RsvpLinks>();
        services.AddSingleton<EventCalendar>();
        services.AddSingleton<ISeatsChanged, DropSeatPages>();
        services.AddSingleton<IMailTemplate, RsvpMailTemplate>();
        services.AddHostedService<RaisedCapacity>();
        return services;
    }

    public static void MapMeetups(this IEndpointRouteBuilder routes) => routes.MapCalendars();
}
