using System.Diagnostics.CodeAnalysis;
using System.Net;
using BrowserTech.Playground.Backends;

namespace BrowserTech.Playground.Proxy;

/// <summary>
/// The HTTP client of one backend: its connections go to the backend's Unix socket and count the bytes they carry. One
/// for each backend and ended with it, so no connection of an ended backend is ever used again.
/// </summary>
internal static class BackendInvoker
{
    [SuppressMessage("Reliability", "CA2000", Justification = "The invoker owns the handler.")]
    public static HttpMessageInvoker For(LiveBackend backend) => new(
        new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectCallback = async (_, cancel) => new CountedStream(await backend.Instance!.Connect(cancel), backend),
        },
        disposeHandler: true);
}
