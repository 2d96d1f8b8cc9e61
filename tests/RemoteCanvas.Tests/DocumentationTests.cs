using System.Runtime.CompilerServices;
using BrowserTech.Demos.GradientDemo;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class DocumentationTests
{
    [Fact]
    public async Task The_scene_of_the_documentation_is_one_that_compiles_and_draws()
    {
        var folder = Path.GetDirectoryName(Here())!;
        var page = await File.ReadAllTextAsync(Path.Combine(HubProcess.Repository, "docs", "remote-canvas.md"), TestContext.Current.CancellationToken);
        var source = await File.ReadAllTextAsync(Path.Combine(folder, "Documented", "Gradient.cs"), TestContext.Current.CancellationToken);
        Assert.Contains(source.Trim(), page, StringComparison.Ordinal);

        var (scene, picture) = (new Gradient(), new Picture());
        picture.Resize(64, 32);
        scene.OnInput(new CanvasInput { Kind = InputKind.Pointing, Sequence = 1, X = 0 });
        Assert.Equal(64u * 32, scene.Render(new FrameRequest(64, 32, 1, IsStill: true), picture, TestContext.Current.CancellationToken));
        Assert.Equal(255, picture.Bytes[1]);
        Assert.True(picture.Bytes[63 * 4 + 1] < 10);
    }

    // The paths in what is built do not lead to the checkout.
    private static string Here([CallerFilePath] string file = "") =>
        Path.Combine(HubProcess.Repository, "tests", "RemoteCanvas.Tests", Path.GetFileName(file));
}
