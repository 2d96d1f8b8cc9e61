using System.Text.Json;
using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Capacity;

namespace BrowserTech.Playground.Api;

/// <summary>
/// Waiting for a place, as a stream: <c>queued</c> with where one stands, again whenever that changes, then <c>connected</c> with what connect
/// answers, or <c>refused</c>. For callers of connect who accept <c>text/event-stream</c>; the place in the queue lives exactly as long as the call,
/// so a tab that is closed holds up nobody.
/// </summary>
internal sealed class ConnectQueue(Places places)
{
    public static bool IsWanted(HttpRequest request) =>
        request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/event-stream", StringComparison.OrdinalIgnoreCase));

    /// <param name="context">The call.</param>
    /// <param name="place">What is waited for.</param>
    /// <param name="full">Why it could not be had at once.</param>
    /// <param name="connect">Tries again with the id of a ticket whose turn it is.</param>
    /// <param name="answer">What is sent of a grant.</param>
    public async Task<IResult> Wait(
        HttpContext context, Place place, NoRoom full, Func<Guid, Task<ConnectOutcome>> connect, Func<Grant, ConnectResponse> answer)
    {
        using var ticket = places.Wait(place);
        if (ticket is null)
        {
            return ApiError.Result(context, StatusCodes.Status429TooManyRequests, "queue_full",
                $"{full.Message} So many are waiting already that no more can be taken. Try again in a few minutes.");
        }

        Begin(context.Response);
        var cancel = context.RequestAborted;
        while (!ticket.Granted.IsCompleted)
        {
            var (standing, moved) = ticket.Now();
            if (standing is not null)
            {
                await Send(context, "queued", new QueuedEvent(standing.Position, standing.Of, standing.Reason.Kind, standing.Reason.Message));
            }

            while (!moved.IsCompleted)
            {
                await Task.WhenAny(moved, Task.Delay(PlaygroundTimes.ChangeWait, cancel));
                cancel.ThrowIfCancellationRequested();
                // A comment: proxies see that the stream lives, clients see nothing.
                if (!moved.IsCompleted) await Write(context, ":\n\n");
            }
        }

        var outcome = await connect(ticket.Id);
        if (outcome.Grant is { } grant) await Send(context, "connected", answer(grant));
        else await Send(context, "refused", ApiError.Make(context, StatusCodes.Status429TooManyRequests, outcome.Refusal!.Kind, outcome.Refusal.Message));
        return Results.Empty;
    }

    /// <summary>The same stream for who need not wait: one event.</summary>
    public static async Task<IResult> Connected(HttpContext context, ConnectResponse answer)
    {
        Begin(context.Response);
        await Send(context, "connected", answer);
        return Results.Empty;
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private static Task Send<T>(HttpContext context, string name, T data) =>
        Write(context, $"event: {name}\ndata: {JsonSerializer.Serialize(data, ApiJson.Options)}\n\n");

    private static async Task Write(HttpContext context, string text)
    {
        await context.Response.WriteAsync(text, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}

/// <summary>Where a caller of connect stands among those who wait for the same service.</summary>
/// <param name="Position">1 is next.</param>
internal sealed record QueuedEvent(int Position, int Of, string Kind, string Message);
