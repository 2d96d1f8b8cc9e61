using BrowserTech.Demos.GradientDemo;
using BrowserTech.RemoteCanvas;
using BrowserTech.RemoteCanvas.Tests.Backend;
using BrowserTech.SessionBackend;

// GET / answers with what all scenes of this process were told, one input on a line. The scene of /shared is one for all its viewers, in turn: it
// outlives them.
var told = new Told();
var shared = new Witness(new Gradient(), told);
using var backend = BackendProcess.FromEnvironment();
return await new BackendServer(backend)
{
    OnRequest = _ => new(BackendResponse.Text(told.ToString())),
    OnSocket = (call, socket) => new CanvasViewer(socket, call.Path == "/shared" ? shared : new Witness(new Gradient(), told)).RunAsync(backend.Stopping),
}.RunAsync();
