using BrowserTech.Site.Demos.Workshop;

namespace BrowserTech.Site.Tests.Demos;

public sealed class DemoChangeTests
{
    [Theory]
    [InlineData("points/backend/Program.cs", "points", DemoParts.Backend)]
    [InlineData("points/backend/deep/er/Scene.cs", "points", DemoParts.Backend)]
    [InlineData("points/client/main.js", "points", DemoParts.Client)]
    [InlineData("points", "points", DemoParts.Client | DemoParts.Backend)]
    [InlineData("points/client", "points", DemoParts.Client)]
    public void What_a_program_or_a_page_is_made_of_is_built_anew(string path, string slug, DemoParts parts) => Assert.Equal((slug, parts), DemoChange.Of(path));

    [Theory]
    [InlineData("points/demo.md")]
    [InlineData("points/test/PointsTests.cs")]
    [InlineData("points/backend/obj/x.cs")]
    [InlineData("points/backend/bin/Release/backend.dll")]
    [InlineData("points/backend/packages.lock.json")]
    [InlineData("points/client/node_modules/x/index.js")]
    [InlineData("points/backend/.Program.cs.swp")]
    [InlineData("points/backend/Program.cs~")]
    [InlineData("points/backend/4913")]
    [InlineData("points/backend/.git/HEAD")]
    [InlineData("Directory.Build.props")]
    [InlineData(".new-demo")]
    [InlineData("")]
    public void What_nobody_runs_is_not(string path) => Assert.Null(DemoChange.Of(path));
}
