using BrowserTech.Browser.Tests.Browsing;

[assembly: AssemblyFixture(typeof(BrowserHub))]
