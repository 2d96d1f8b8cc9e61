using Microsoft.AspNetCore.Components;

namespace BrowserTech.RemoteCanvas.Blazor;

/// <summary>
/// What a session backend draws: <c>&lt;RemoteCanvas Service="terrain" Account="browsertech" Api="https://hub.example" style="height: 30rem" /&gt;</c>.
/// It renders the element <c>&lt;remote-canvas&gt;</c> and the import of its module from the hub; the element connects by itself.
/// Give it a size by style or class.
/// </summary>
public sealed partial class RemoteCanvas : ComponentBase
{
    /// <summary>The service to connect to: the slug of a demo.</summary>
    [Parameter, EditorRequired]
    public string Service { get; set; } = "";

    /// <summary>Whose service it is.</summary>
    [Parameter, EditorRequired]
    public string Account { get; set; } = "";

    /// <summary>The hub's address, absolute.</summary>
    [Parameter, EditorRequired]
    public string Api { get; set; } = "";

    /// <summary>Viewers with the same key share one backend; null: one of their own.</summary>
    [Parameter]
    public string? Key { get; set; }

    /// <summary>What it is called to those who do not see it.</summary>
    [Parameter]
    public string? Label { get; set; }

    /// <summary>Of the backend's WebSocket; null: <c>/</c>.</summary>
    [Parameter]
    public string? Path { get; set; }

    /// <summary>What is sent, of <c>pointer wheel key zoom shortcuts</c>; null: the first three.</summary>
    [Parameter]
    public string? Input { get; set; }

    /// <summary><c>auto</c>, <c>low</c> or <c>high</c>; null: <c>auto</c>.</summary>
    [Parameter]
    public string? Quality { get; set; }

    /// <summary>Shown where there is no script.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    /// <summary>Everything else: <c>class</c>, <c>style</c>, <c>id</c>.</summary>
    [Parameter(CaptureUnmatchedValues = true)]
    public IReadOnlyDictionary<string, object>? Rest { get; set; }

    private string Module => $"{Api.TrimEnd('/')}/client/remote-canvas.js";
}
