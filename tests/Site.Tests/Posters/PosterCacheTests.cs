using BrowserTech.Site.Posters;

namespace BrowserTech.Site.Tests.Posters;

public sealed class PosterCacheTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"posters-{Guid.NewGuid():N}");

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Many_who_ask_at_once_have_it_drawn_once()
    {
        using var cache = new PosterCache(_folder);
        using var everyoneAsked = new ManualResetEventSlim();
        var drawings = 0;
        byte[] Draw()
        {
            Interlocked.Increment(ref drawings);
            Assert.True(everyoneAsked.Wait(TimeSpan.FromSeconds(20)));
            return [1, 2, 3];
        }
        var asked = Enumerable.Range(0, 40).Select(_ => cache.Get("a.webp", Draw, CancellationToken.None)).ToList();
        everyoneAsked.Set();
        var paths = await Task.WhenAll(asked).WaitAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(1, drawings);
        Assert.Single(paths.Distinct(StringComparer.Ordinal));
        Assert.Equal([1, 2, 3], await File.ReadAllBytesAsync(paths[0]));
    }

    [Fact]
    public async Task What_was_drawn_is_found_by_the_next_process()
    {
        using (var first = new PosterCache(_folder))
            await first.Get("a.webp", () => [7], CancellationToken.None);
        using var second = new PosterCache(_folder);
        var path = await second.Get("a.webp", () => throw new InvalidOperationException("drawn again"), CancellationToken.None);
        Assert.Equal([7], await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task A_drawing_that_fails_leaves_no_file_and_is_tried_again()
    {
        using var cache = new PosterCache(_folder);
        await Assert.ThrowsAsync<IOException>(() => cache.Get("a.webp", () => throw new IOException("disk full"), CancellationToken.None));
        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
        var path = await cache.Get("a.webp", () => [1], CancellationToken.None);
        Assert.Equal([1], await File.ReadAllBytesAsync(path));
    }

    [Fact]
    public async Task Who_leaves_does_not_stop_the_drawing()
    {
        using var cache = new PosterCache(_folder);
        using var gate = new ManualResetEventSlim();
        using var leaving = new CancellationTokenSource();
        byte[] Draw()
        {
            Assert.True(gate.Wait(TimeSpan.FromSeconds(20)));
            return [1];
        }
        var left = cache.Get("a.webp", Draw, leaving.Token);
        var stayed = cache.Get("a.webp", Draw, CancellationToken.None);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        gate.Set();
        Assert.True(File.Exists(await stayed.WaitAsync(TimeSpan.FromSeconds(20))));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../a.webp")]
    [InlineData(".hidden")]
    [InlineData("a/b.webp")]
    [InlineData("a b.webp")]
    public async Task A_name_that_could_leave_the_folder_is_refused(string name)
    {
        using var cache = new PosterCache(_folder);
        await Assert.ThrowsAsync<ArgumentException>(() => cache.Get(name, () => [1], CancellationToken.None));
    }
}
