namespace BrowserTech.Playground.Capacity;

/// <summary>
/// In which order those who wait are served: by turns. Somebody's first place comes before anybody's second, so that a person with one tab
/// does not wait behind a script with fifty; within a turn, who came first.
/// </summary>
public static class FairOrder
{
    /// <param name="waiting">In the order in which they came.</param>
    /// <param name="client">Whose it is.</param>
    /// <param name="held">Places a client has already.</param>
    public static IReadOnlyList<T> Sort<T>(IEnumerable<T> waiting, Func<T, string> client, Func<string, int> held)
    {
        var turns = new Dictionary<string, int>();
        return
        [
            .. waiting
                .Select((each, arrival) => (each, arrival, turn: turns[client(each)] = turns.GetValueOrDefault(client(each), held(client(each))) + 1))
                .OrderBy(entry => entry.turn).ThenBy(entry => entry.arrival)
                .Select(entry => entry.each),
        ];
    }
}
