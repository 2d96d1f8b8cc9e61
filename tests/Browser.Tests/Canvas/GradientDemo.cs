namespace BrowserTech.Browser.Tests.Canvas;

/// <summary>Puts <c>tests/RemoteCanvas.Tests.Backend</c> among the demos of a hub.</summary>
internal static class GradientDemo
{
    private static readonly Lock Adding = new();

    public static void AddTo(ContentFolder content)
    {
        var folder = Path.Combine(content.Root, "demos", CanvasVisit.Service);
        lock (Adding)
        {
            if (Directory.Exists(folder)) return;
            var built = Path.Combine(HubProcess.Repository, "artifacts", "bin", "RemoteCanvas.Tests.Backend", new DirectoryInfo(AppContext.BaseDirectory).Name);
            var native = Path.Combine("runtimes", "linux-x64", "native");
            foreach (var file in Directory.EnumerateFiles(built).Concat(Directory.EnumerateFiles(Path.Combine(built, native))))
            {
                // Beside the program, where it looks first.
                var to = Path.Combine(folder, "backend", Path.GetFileName(file));
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
            }

            content.Write($"demos/{CanvasVisit.Service}/demo.md", $"""
                ---
                title: A gradient
                summary: Follows the pointer.
                license: MIT
                backend:
                  command: [./gradient]
                  memory_mb: 512
                  max_processes: 64
                ---
                For tests.
                """);
        }
    }
}
