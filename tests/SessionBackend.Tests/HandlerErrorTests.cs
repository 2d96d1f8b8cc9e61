using System.Text;

namespace BrowserTech.SessionBackend.Tests;

/// <summary>What a handler's mistakes look like from outside, and that they are told in the output.</summary>
public sealed class HandlerErrorTests
{
    [Fact]
    public async Task A_time_out_of_a_handlers_own_is_an_error_like_any_other()
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = _ => throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout"),
            OnSocket = (_, _) => throw new OperationCanceledException("secret"),
        });
        var answer = await server.Exchange("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 500 ", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("HttpClient", answer, StringComparison.Ordinal);
        using var socket = await server.Open();
        Assert.StartsWith("1011 ", await socket.Hear(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handler_that_ends_by_the_token_of_SIGTERM_made_no_mistake_and_its_client_hears_1001()
    {
        var error = new Listening();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnSocket = async (_, socket) =>
            {
                await socket.SendAsync("here");
                await Task.Delay(Timeout.InfiniteTimeSpan, process.Stopping);
            },
        });
        using var socket = await server.Open("/");
        Assert.Equal("here", await socket.Hear());
        using (error)
        {
            server.Process.Stop();
            Assert.Equal("1001 stopping", await socket.Hear());
            socket.Dispose();
            Assert.Equal(0, await server.Exit.WaitAsync(RunningServer.Bound));
        }

        Assert.DoesNotContain(nameof(A_handler_that_ends_by_the_token_of_SIGTERM_made_no_mistake_and_its_client_hears_1001), error.Heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(OperationCanceledException))]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(FormatException))]
    public async Task A_mistake_in_the_middle_of_a_streamed_answer_cuts_it_and_is_told(Type kind)
    {
        using var error = new Listening();
        var told = $"in the middle of {Guid.NewGuid()}";
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = _ => new(BackendResponse.Stream("text/plain", async (body, gone) =>
            {
                await body.WriteAsync("half"u8.ToArray(), gone);
                throw (Exception)Activator.CreateInstance(kind, told)!;
            })),
        });
        var answer = await server.Exchange("GET / HTTP/1.1\r\n\r\n");
        // Without the chunk that ends it nobody takes half for the whole.
        Assert.EndsWith("4\r\nhalf\r\n", answer, StringComparison.Ordinal);
        Assert.Contains(told, error.Heard, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(5000, false)]
    public async Task What_is_left_of_a_body_that_was_given_up_does_not_become_the_next_request(int length, bool cancel)
    {
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            Limits = new BackendLimits { MaxBody = 1000 },
            OnRequest = async call =>
            {
                if (call.Path != "/a") return BackendResponse.Text("evil");
                try
                {
                    await call.ReadBodyAsync(new CancellationToken(cancel));
                }
                catch (Exception error) when (error is OperationCanceledException or Http.RequestRefusedException)
                {
                    // As an author might who has something else to answer.
                }

                return BackendResponse.Text("given up");
            },
        });
        await using var stream = await server.Connect();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /a HTTP/1.1\r\nContent-Length: {length}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync().WaitAsync(RunningServer.Bound));
        Assert.Contains("Connection: close", await reader.ReadToEndAsync().WaitAsync(RunningServer.Bound), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_cannot_be_read_any_more_once_the_answer_was_given()
    {
        var late = new TaskCompletionSource<Exception?>();
        await using var server = await RunningServer.Start(process => new BackendServer(process)
        {
            OnRequest = call => new(BackendResponse.Stream("text/plain", async (_, gone) =>
                late.SetResult(await Record.ExceptionAsync(async () => await call.ReadBodyAsync(gone))))),
        });
        await server.Exchange("POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 4\r\n\r\nbody");
        Assert.IsType<InvalidOperationException>(await late.Task.WaitAsync(RunningServer.Bound));
    }

    /// <summary>Hears what is written to standard error, by whichever test, and passes it on.</summary>
    private sealed class Listening : IDisposable
    {
        private static readonly Lock One = new();
        private static readonly List<StringWriter> Ears = [];
        private readonly StringWriter _ear = new();

        static Listening() => Console.SetError(TextWriter.Synchronized(new All(Console.Error)));

        public Listening()
        {
            lock (One) Ears.Add(_ear);
        }

        public string Heard
        {
            get
            {
                lock (One) return _ear.ToString();
            }
        }

        public void Dispose()
        {
            lock (One) Ears.Remove(_ear);
        }

        private sealed class All(TextWriter before) : TextWriter
        {
            public override Encoding Encoding => before.Encoding;

            public override void WriteLine(string? value)
            {
                lock (One)
                    foreach (var ear in Ears) ear.WriteLine(value);
                before.WriteLine(value);
            }
        }
    }
}
