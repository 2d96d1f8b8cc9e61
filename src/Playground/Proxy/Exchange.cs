using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>A request on its way: for whom and to what.</summary>
internal readonly record struct Visit(LiveBackend Backend, BackendLinks Links, Presence Presence, Target Target);

/// <summary>How carrying a request ended. All but the first may come before or after an answer began.</summary>
internal enum Outcome
{
    Answered,

    /// <summary>The client went away.</summary>
    Left,

    Cut,
    Silent,
    Unreachable,
    Busy,
    NotHttp,

    /// <summary>The client's own body is not framed as it says.</summary>
    Malformed,

    /// <summary>The backend closed the connection without an answer, or in the middle of one.</summary>
    BrokenOff,
}

/// <summary>
/// Carries one plain request to a backend and its answer back, both as they come: nothing is kept but one buffer, so an endless
/// answer and a huge upload cost what small ones cost, and who reads slowly slows down who writes. A request that met a
/// connection the backend was just closing is sent once more on a new one, if sending it twice does no harm.
/// </summary>
internal static class Exchange
{
    public static async Task<Outcome> Carry(HttpContext context, Visit visit)
    {
        var hasBody = context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };
        if (hasBody) Upload.LetItTakeItsTime(context);
        var again = !hasBody && IsHarmless(context.Request.Method);
        var outcome = await Try(context, visit, hasBody, again ? LinkUse.Any : LinkUse.Fresh);
        return outcome ?? await Try(context, visit, hasBody, LinkUse.Fresh) ?? Outcome.BrokenOff;
    }

    /// <summary>Null when it is worth another try.</summary>
    private static async Task<Outcome?> Try(HttpContext context, Visit visit, bool hasBody, LinkUse use)
    {
        BackendLink link;
        try
        {
            link = await visit.Links.Take(use, context.RequestAborted);
        }
        catch (UnreachableException error)
        {
            return error.Busy ? Outcome.Busy : Outcome.Unreachable;
        }
        catch (OperationCanceledException)
        {
            return Outcome.Left;
        }

        var kept = false;
        visit.Presence.Attach(link);
        var watch = context.RequestAborted.UnsafeRegister(static each => ((BackendLink)each!).End(LinkEnd.Client), link);
        try
        {
            kept = await Once(context, visit, link, hasBody);
            return Outcome.Answered;
        }
        catch (NotHttpException)
        {
            return Outcome.NotHttp;
        }
        catch (Exception error) when (IsBroken(error))
        {
            if (use == LinkUse.Any && link is { Reused: true, Waiting: true, EndedBy: LinkEnd.None, Buffered.IsEmpty: true }) return null;
            return OutcomeOf(link.EndedBy);
        }
        finally
        {
            // In this order: after both, nobody but us can end the link, and whoever wanted to is known.
            await watch.DisposeAsync();
            visit.Presence.Attach(null);
            if (kept && visit.Presence.WhyCut is null) visit.Links.GiveBack(link);
            else visit.Links.Drop(link);
        }
    }

    /// <summary>What reading and writing throw when one of the two connections is no more.</summary>
    public static bool IsBroken(Exception error) =>
        error is IOException or ObjectDisposedException or SocketException or OperationCanceledException;

    public static Outcome OutcomeOf(LinkEnd end) => end switch
    {
        LinkEnd.None or LinkEnd.Done => Outcome.BrokenOff,
        LinkEnd.Malformed => Outcome.Malformed,
        LinkEnd.Cut => Outcome.Cut,
        LinkEnd.Silent => Outcome.Silent,
        _ => Outcome.Left,
    };

    private static bool IsHarmless(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    /// <summary>True when the link may carry another request.</summary>
    private static async Task<bool> Once(HttpContext context, Visit visit, BackendLink link, bool hasBody)
    {
        using (var head = new HeadBuffer())
        {
            RequestHead.Write(head, context, visit, context.Request.Method);
            RequestHead.EndWithBody(head, context.Request.ContentLength, hasBody);
            await link.Write(head.Written);
        }

        if (!hasBody) return await Answer(context, visit, link);
        var upload = Upload.Run(context, link);
        var (answered, kept) = (false, false);
        try
        {
            kept = await Answer(context, visit, link);
            answered = true;
        }
        finally
        {
            if (!upload.IsCompleted) await Upload.Stop(context, link, upload, answered);
            kept &= await upload;
        }

        return kept;
    }

    private static async ValueTask<bool> Answer(HttpContext context, Visit visit, BackendLink link)
    {
        var response = context.Response;
        var head = await link.ReadHead(response.Headers);
        if (head.Status == StatusCodes.Status101SwitchingProtocols) throw new NotHttpException("It switches protocols unasked.");
        return await Pass(context, visit, link, head);
    }

    /// <summary>Passes an answer on whose head has been read.</summary>
    public static async ValueTask<bool> Pass(HttpContext context, Visit visit, BackendLink link, ResponseHead head)
    {
        var response = context.Response;
        response.StatusCode = head.Status;
        ResponseRules.Apply(context, visit.Backend, visit.Target);
        var bodiless = HttpMethods.IsHead(context.Request.Method) || head.Status is 204 or 205 or 304;
        if (head.Length is { } length && head.Status is not (204 or 205)) response.ContentLength = length;
        if (!bodiless && head.Chunked) await BodyPassing.Chunks(response.BodyWriter, link);
        else if (!bodiless) await BodyPassing.Bytes(response.BodyWriter, link, head.Length);
        return head.Kept && link.Buffered.IsEmpty && (bodiless || head.Chunked || head.Length is not null);
    }
}
