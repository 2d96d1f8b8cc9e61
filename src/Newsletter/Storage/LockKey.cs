using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BrowserTech.Newsletter.Storage;

/// <summary>
/// Names what a change must have to itself, for example one event or one mail address: changes with the same key run one after
/// the other, whichever machine they start on.
/// </summary>
public readonly record struct LockKey
{
    private LockKey(long value) => Value = value;

    /// <summary>The number given to <c>pg_advisory_xact_lock</c>.</summary>
    public long Value { get; }

    /// <summary>The key of one thing: <c>LockKey.For("event", slug)</c>. Equal words give equal keys on every machine.</summary>
    public static LockKey For(string kind, string id)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{kind}\0{id}"));
        return new LockKey(BinaryPrimitives.ReadInt64LittleEndian(hash));
    }
}
