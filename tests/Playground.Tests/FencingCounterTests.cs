using BrowserTech.Playground.Keys;

namespace BrowserTech.Playground.Tests;

public sealed class FencingCounterTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("fencing-");

    [Fact]
    public async Task Numbers_grow_within_a_run_and_across_runs()
    {
        long last = 0;
        for (var run = 0; run < 3; run++)
        {
            using var counter = new FencingCounter(_folder.FullName);
            for (var i = 0; i < 1500; i++)
            {
                var next = (await counter.Next()).Value;
                Assert.True(next > last);
                last = next;
            }
        }
    }

    [Fact]
    public async Task Numbers_asked_for_at_the_same_time_are_all_different()
    {
        using var counter = new FencingCounter(_folder.FullName);
        var numbers = await Task.WhenAll(Enumerable.Range(0, 3000).Select(_ => Task.Run(async () => (await counter.Next()).Value)));
        Assert.Equal(numbers.Length, numbers.Distinct().Count());
    }

    [Fact]
    public async Task A_number_that_was_written_by_hand_is_taken_with_its_line_end()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "fencing"), "5000\n");
        using var counter = new FencingCounter(_folder.FullName);
        Assert.Equal(5000, (await counter.Next()).Value);
    }

    [Fact]
    public async Task A_file_that_was_tampered_with_is_refused_by_name_instead_of_starting_again_at_one()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "fencing"), "later");
        using var counter = new FencingCounter(_folder.FullName);
        var error = await Assert.ThrowsAsync<InvalidDataException>(async () => await counter.Next());
        Assert.Contains(_folder.FullName, error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
