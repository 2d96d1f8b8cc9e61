using System.Collections.Concurrent;
using BrowserTech.Demos.Points.Cloud;
using BrowserTech.RemoteCanvas;

namespace BrowserTech.Demos.Points.Rendering.OpenGl;

/// <summary>
/// Draws on a graphics card. A context belongs to a thread, so one thread draws for all viewers, in the order in which they ask; while one viewer's picture is
/// on its way back from the card, the next one's is drawn.
/// </summary>
internal sealed class OpenGlRenderer : IPointRenderer
{
    private readonly BlockingCollection<Order> _orders = new(new ConcurrentQueue<Order>());
    private readonly PointCloud _cloud;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _started = new();
    private RendererFailedException? _failure;

    /// <param name="cloud">Is brought to the card at once.</param>
    /// <param name="library">Of EGL.</param>
    /// <param name="onProcessor">Whether OpenGL that draws on the processor will do.</param>
    /// <param name="es">Whether it is to be OpenGL ES.</param>
    /// <exception cref="RendererFailedException">There is no card, or it lacks something.</exception>
    public OpenGlRenderer(PointCloud cloud, string library = GlContext.Library, bool onProcessor = false, bool es = false)
    {
        _cloud = cloud;
        _thread = new Thread(() => Run(library, onProcessor, es)) { IsBackground = true, Name = "OpenGL" };
        _thread.Start();
        _started.Wait();
        if (_failure is not null) throw new RendererFailedException(_failure.Message, _failure);
    }

    public string Name { get; private set; } = "";

    /// <summary>All: a card that deserves the name draws them in a few milliseconds.</summary>
    public long PointsInMotion => _cloud.Count;

    public bool Draw(IReadOnlyList<Draw> draws, Projection view, Picture picture, CancellationToken abandoned)
    {
        var order = new Order(draws, view, picture, abandoned);
        try
        {
            _orders.Add(order, CancellationToken.None);
        }
        catch (InvalidOperationException closed)
        {
            throw new RendererFailedException(_failure?.Message ?? "it has ended", closed);
        }

        return order.Wait();
    }

    public void Dispose()
    {
        _orders.CompleteAdding();
        _thread.Join();
        _orders.Dispose();
        _started.Dispose();
    }

    private void Run(string library, bool onProcessor, bool es)
    {
        try
        {
            using var context = GlContext.Create(library, onProcessor, es);
            var drawing = new GlDrawing(context, _cloud);
            Name = $"{Shorten(context.Name)}, OpenGL {(context.IsEs ? "ES " : "")}{context.Functions.Text(GlFunctions.Version).Replace("OpenGL ES ", "", StringComparison.Ordinal).Split(' ')[0]}";
            _started.Set();
            Serve(drawing);
        }
        catch (RendererFailedException failure)
        {
            _failure = failure;
            _orders.CompleteAdding();
            foreach (var order in _orders.GetConsumingEnumerable()) order.Fail(failure);
            _started.Set();
        }
    }

    private void Serve(GlDrawing drawing)
    {
        (Order Order, PixelReadback Readback)? begun = null;
        Order? current = null;
        try
        {
            while (begun is not null || !_orders.IsCompleted)
            {
                current = Next(wait: begun is null);
                var readback = current is null ? null : drawing.Begin(current.Draws, current.View, current.Abandoned);
                if (begun is var (order, coming))
                {
                    coming.Finish(order.Picture);
                    order.Succeed(isDrawn: true);
                }

                if (readback is null) current?.Succeed(isDrawn: false);
                begun = readback is null ? null : (current!, readback);
                current = null;
            }
        }
        catch (RendererFailedException failure)
        {
            begun?.Order.Fail(failure);
            current?.Fail(failure);
            throw;
        }
    }

    private Order? Next(bool wait) => _orders.TryTake(out var order, wait ? Timeout.Infinite : 0) ? order : null;

    private static string Shorten(string name) => name.Length > 60 ? name[..60] : name;

    /// <summary>One picture, and whoever waits for it.</summary>
    private sealed class Order(IReadOnlyList<Draw> draws, Projection view, Picture picture, CancellationToken abandoned)
    {
        private readonly object _over = new();
        private bool? _isDrawn;
        private RendererFailedException? _failure;

        public IReadOnlyList<Draw> Draws => draws;

        public Projection View => view;

        public Picture Picture => picture;

        public CancellationToken Abandoned => abandoned;

        public bool Wait()
        {
            lock (_over)
            {
                while (_isDrawn is null) Monitor.Wait(_over);
                return _failure is null ? _isDrawn.Value : throw new RendererFailedException(_failure.Message, _failure);
            }
        }

        public void Succeed(bool isDrawn) => End(isDrawn, null);

        public void Fail(RendererFailedException failure) => End(isDrawn: false, failure);

        /// <summary>Once: of two that were under way when the card failed, one may have come.</summary>
        private void End(bool isDrawn, RendererFailedException? failure)
        {
            lock (_over)
            {
                if (_isDrawn is not null) return;
                (_isDrawn, _failure) = (isDrawn, failure);
                Monitor.PulseAll(_over);
            }
        }
    }
}
