using BrowserTech.Playground.Catalog;
using BrowserTech.Playground.Runtimes;

namespace BrowserTech.Site.Demos.Workshop;

/// <summary>Prints what backends write, each line under the name of its demo.</summary>
public sealed class ConsoleOutput : IOutputListener
{
    public void Wrote(ServiceDefinition service, string line) => Console.Out.WriteLine(Line(service.Name.Value, line));

    public static string Line(string demo, string line) => $"  {demo} | {line}";
}
