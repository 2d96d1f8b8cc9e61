using BrowserTech.Newsletter.Outbox;
using BrowserTech.Newsletter.Subscriptions;
using BrowserTech.Site.Content;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BrowserTech.Site.Organize;

/// <summary>Sign-in, the pages behind it, and the files they offer.</summary>
public static class OrganizerSetup
{
    public const string Policy = "organizer";

    public static IServiceCollection AddOrganizers(this IServiceCollection services)
    {
        services.AddSingleton<OrganizerSession>();
        services.AddSingleton<IMailTemplate, SignInMailTemplate>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            options.Cookie.Name = OrganizerSession.Cookie;
            options.Cookie.Path = "/";
            options.Cookie.HttpOnly = true;
            options.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.ExpireTimeSpan = OrganizerSession.SessionLifetime;
            options.SlidingExpiration = false;
            options.LoginPath = "/organize/sign-in";
            options.AccessDeniedPath = "/organize/sign-in";
            options.ReturnUrlParameter = "then";
            options.Events.OnValidatePrincipal = async context =>
            {
                // The list in site.yml is asked at every request: who is taken off it is out at once.
                var name = context.Principal?.Identity?.Name;
                var session = context.HttpContext.RequestServices.GetRequiredService<OrganizerSession>();
                if (name == OrganizerSession.Console || (EmailAddress.TryParse(name, out var email, out _) && session.IsOrganizer(email))) return;
                context.RejectPrincipal();
                await context.HttpContext.SignOutAsync();
            };
        });
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.RequireAuthenticatedUser());
        services.AddCascadingAuthenticationState();
        return services;
    }

    public static void MapOrganizers(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/organize").RequireAuthorization(Policy).WithMetadata(new Security.PrivatePageAttribute());
        group.MapPost("/sign-out", async (HttpContext context) =>
        {
            await context.SignOutAsync();
            return Results.Redirect("/organize/sign-in");
        }).RequireRateLimiting(Security.RateLimits.Forms);
        group.MapGet("/events/{slug}/guests.csv", GuestLists.Guests);
        group.MapGet("/subscribers.csv", GuestLists.Subscribers);
    }
}
