using BrowserTech.RemoteCanvas.Flow;

namespace BrowserTech.RemoteCanvas.Tests;

public sealed class EffortControllerTests
{
    private const double Rate = 32;
    private const double Interval = 1000 / Rate;

    /// <summary>A scene whose drawing takes as long as effort and pixels say; how it ends up.</summary>
    private static EffortController Settle(double fixedCost, double perEffort, double encoding)
    {
        var controller = new EffortController(Rate);
        for (var frame = 0; frame < 2000; frame++)
        {
            var pixels = controller.Scale * controller.Scale;
            controller.Told((fixedCost + perEffort * controller.Effort) * pixels, encoding * pixels, 30, 3);
        }

        return controller;
    }

    [Fact]
    public void A_machine_with_time_to_spare_draws_everything() =>
        Assert.Equal((1, 1), (Settle(2, 10, 5).Effort, Settle(2, 10, 5).Scale));

    [Fact]
    public void One_that_is_slow_at_drawing_draws_less_at_the_full_size_and_keeps_to_the_rate()
    {
        var settled = Settle(4, 100, 5);
        Assert.Equal(1, settled.Scale);
        Assert.InRange(4 + 100 * settled.Effort, Interval * 0.6, Interval * 1.15);
    }

    [Fact]
    public void One_that_is_slow_at_encoding_sends_a_smaller_picture() => Assert.True(Settle(3, 6, 50).Scale < 1);

    [Fact]
    public void A_line_on_which_frames_take_long_sends_a_smaller_picture_too()
    {
        var controller = new EffortController(Rate);
        for (var frame = 0; frame < 200; frame++) controller.Told(5, 5, 300, 3);
        Assert.Equal(0.5, controller.Scale);
    }
}
