using System.Globalization;
using System.Text.Json;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.Demos.Points.Rendering;
using BrowserTech.RemoteCanvas;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.Points;

/// <summary>What the page fetches to draw by itself: the tiles, then the points layer by layer.</summary>
internal static class CloudRequests
{
    public static BackendResponse Answer(BackendCall call, PointCloud cloud, Renderer renderer)
    {
        if (call.Method != "GET") return BackendResponse.Text("Everything here can only be read.", 405).With("Allow", "GET");
        if (call.Path == "/cloud") return BackendResponse.Bytes(cloud.Head, "application/octet-stream");
        if (call.Path == "/about") return BackendResponse.Json(About(cloud, renderer));
        if (!call.Path.StartsWith("/layer/", StringComparison.Ordinal)) return BackendResponse.Text("There is nothing here.", 404);
        return int.TryParse(call.Path.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var layer) && layer < PointStream.Layers
            ? BackendResponse.Bytes(PointStream.Layer(cloud, layer), "application/octet-stream")
            : BackendResponse.Text($"Layers are numbered from 0 to {PointStream.Layers - 1}.", 404);
    }

    private static string About(PointCloud cloud, Renderer renderer) =>
        $$"""{"points":{{cloud.Count.ToString(CultureInfo.InvariantCulture)}},"renderer":"{{Text(renderer.Name)}}","why":"{{Text(renderer.Why)}}","video":{{(CanvasViewer.CanStreamVideo ? "true" : "false")}}}""";

    /// <summary>Drivers say what they like.</summary>
    private static JsonEncodedText Text(string words) => JsonEncodedText.Encode(words);
}
