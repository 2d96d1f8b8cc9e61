using System.Globalization;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.RemoteCanvas;
using BrowserTech.SessionBackend;

namespace BrowserTech.Demos.Points;

/// <summary>What the page fetches to draw by itself: the tiles, then the points layer by layer.</summary>
internal static class CloudRequests
{
    public static BackendResponse Answer(BackendCall call, PointCloud cloud)
    {
        if (call.Method != "GET") return BackendResponse.Text("Everything here can only be read.", 405).With("Allow", "GET");
        if (call.Path == "/cloud") return BackendResponse.Bytes(cloud.Head, "application/octet-stream");
        if (call.Path == "/about") return BackendResponse.Json(About(cloud));
        if (!call.Path.StartsWith("/layer/", StringComparison.Ordinal)) return BackendResponse.Text("There is nothing here.", 404);
        return int.TryParse(call.Path.AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var layer) && layer < PointStream.Layers
            ? BackendResponse.Bytes(PointStream.Layer(cloud, layer), "application/octet-stream")
            : BackendResponse.Text($"Layers are numbered from 0 to {PointStream.Layers - 1}.", 404);
    }

    private static string About(PointCloud cloud)
    {
        using var scene = new PointScene(cloud, Math.Clamp(Environment.ProcessorCount, 1, 4));
        return $$"""{"points":{{cloud.Count.ToString(CultureInfo.InvariantCulture)}},"renderer":"{{scene.Renderer}}","video":{{(CanvasViewer.CanStreamVideo ? "true" : "false")}}}""";
    }
}
