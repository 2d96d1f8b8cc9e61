using Microsoft.AspNetCore.Http;
using BrowserTech.Playground.Backends;
using BrowserTech.Playground.Capacity;

namespace BrowserTech.Playground.Api;

/// <summary>
/// Waiting for a place, as a stream: <c>queued</c> with where one stands, again whenever that changes, then <c>connected</c> with what connect
/// answers, or <c>refused</c>. For callers of connect who accept <c>text/event-stream</c>; the place in the queue lives exactly as long as the call,
/// so a tab that is closed holds up nobody.
/// </summary>
internal sealed class ConnectQueue(Places places, TimeProvider clock)
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
            return ApiError.Result(context, StatusCodes.Status429TooManyRequests, "queue_full", TooMany(full));
        }

        var stream = EventStream.Open(context);
        while (true)
        {
            var (state, standing, changed) = ticket.Now();
            if (state == TicketState.Granted) break;
            if (state == TicketState.Displaced) return await Refuse(stream, Busy(context, "queue_full", TooMany(full)));

            if (standing is not null)
            {
                await stream.Write(new QueuedEvent(standing.Position, standing.Of, standing.Reason.Kind, standing.Reason.Message), name: "queued");
                await stream.Flush();
            }

            while (!changed.IsCompleted)
            {
                await changed.WaitAsync(PlaygroundTimes.ChangeWait, clock, context.RequestAborted)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                context.RequestAborted.ThrowIfCancellationRequested();
                if (!changed.IsCompleted) await stream.KeepAlive();
            }
        }

        ConnectOutcome outcome;
        try
        {
            outcome = await connect(ticket.Id);
        }
        catch (Exception error) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The stream has begun, so the server can say it nowhere but here.
            return await Refuse(stream, ApiError.Failed(context, error));
        }

        if (outcome.Grant is not { } grant) return await Refuse(stream, Busy(context, outcome.Refusal!.Kind, outcome.Refusal.Message));
        await stream.Write(answer(grant), name: "connected");
        await stream.Flush();
        return Results.Empty;
    }

    private static ApiError Busy(HttpContext context, string kind, string message) =>
        ApiError.Make(context, StatusCodes.Status429TooManyRequests, kind, message);

    private static async Task<IResult> Refuse(EventStream stream, ApiError error)
    {
        await stream.Write(error, name: "refused");
        await stream.Flush();
        return Results.Empty;
    }

    private static string TooMany(NoRoom full) =>
        $"{full.Message} So many are waiting already that no more can be taken. Try again in a few minutes.";

    /// <summary>The same stream for who need not wait: one event.</summary>
    public static async Task<IResult> Connected(HttpContext context, ConnectResponse answer)
    {
        var stream = EventStream.Open(context);
        await stream.Write(answer, name: "connected");
        await stream.Flush();
        return Results.Empty;
    }
}

/// <summary>Where a caller of connect stands among those who wait for the same service.</summary>
/// <param name="Position">1 is next.</param>
internal sealed record QueuedEvent(int Position, int Of, string Kind, string Message);
