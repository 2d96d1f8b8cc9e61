using Microsoft.AspNetCore.Components.Endpoints;

namespace BrowserTech.Site.Pages;

/// <summary>
/// Stands before the forms of pages and answers what the framework would answer in its own words or with an error:
/// a body that is no form, is cut short or is far too large, and a form that its page does not have any more.
/// </summary>
public sealed class FormGuard(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (!HttpMethods.IsPost(context.Request.Method) || context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is null)
        {
            await next(context);
            return;
        }

        if (await Problem(context) is var (status, reason) && reason is not null)
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(reason, context.RequestAborted);
            return;
        }

        await next(context);
    }

    private static async Task<(int Status, string? Reason)> Problem(HttpContext context)
    {
        const string Unreadable = "The form could not be read: it was cut short or is not a form. Nothing was changed. Open the page again and send it once more.";
        if (!context.Request.HasFormContentType) return (StatusCodes.Status400BadRequest, Unreadable);
        try
        {
            await context.Request.ReadFormAsync(context.RequestAborted);
            return default;
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return (StatusCodes.Status413PayloadTooLarge, "The form is far larger than any form here. Nothing was changed.");
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or BadHttpRequestException)
        {
            return (StatusCodes.Status400BadRequest, Unreadable);
        }
    }
}
