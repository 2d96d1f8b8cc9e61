namespace BrowserTech.Site.Analytics;

/// <summary>
/// Moves hits from the buffer to the database, every <see cref="Interval"/> or as soon as a batch is full, and once
/// more when the hub stops. A batch the database refuses is kept and tried again with the next.
/// </summary>
public sealed class HitWriter(HitBuffer buffer, HitStore store, DailySalts salts, TimeProvider time, ILogger<HitWriter> log) : BackgroundService
{
    /// <summary>Short enough that a dashboard looks alive, long enough that a busy site writes few, large batches.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private const int MaxBatch = 10_000;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly List<Hit> _batch = [];

    /// <summary>Writes what the buffer holds now. Readers that must see everything call it first.</summary>
    public async Task FlushAsync(CancellationToken cancellation = default)
    {
        await _writing.WaitAsync(cancellation);
        try
        {
            do
            {
                while (_batch.Count < MaxBatch && buffer.TryTake(out var hit)) _batch.Add(hit);
                store.Write(_batch);
                _batch.Clear();
            }
            while (!buffer.IsEmpty);
        }
        finally
        {
            _writing.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        buffer.Complete();
        await base.StopAsync(cancellationToken);
        await TryFlush();
    }

    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                salts.DropOld();
                await TryFlush();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: the rest is written by StopAsync.
        }
    }

    private async Task TryFlush()
    {
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            log.LogError(exception, "Analytics could not be written; {Count} hits wait for the next try", _batch.Count);
        }
    }
}
