using System.Collections.Concurrent;
using BrowserTech.Playground.Proxy.Loops;
using Microsoft.Extensions.Logging;

namespace BrowserTech.Playground.Tests;

/// <summary>What is logged, and whether a loop was kept waiting by it.</summary>
internal sealed class LogPlaces : ILoggerProvider, ILogger
{
    public ConcurrentQueue<(bool OnLoop, LogLevel Level, string Text)> All { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        All.Enqueue((EventLoop.IsHere, logLevel, formatter(state, exception)));

    public void Dispose()
    {
    }
}
