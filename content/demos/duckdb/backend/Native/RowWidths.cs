namespace BrowserTech.Demos.DuckDb.Native;

/// <summary>About how many bytes each value of a vector takes as Arrow; never fewer than its text or its items have.</summary>
internal static unsafe class RowWidths
{
    /// <summary>The widest of the numbers and times.</summary>
    private const int Fixed = 16;

    // Of DUCKDB_TYPE: those whose values are as long as they are.
    private const int Varchar = 17;
    private const int Blob = 18;
    private const int List = 24;
    private const int Struct = 25;
    private const int Map = 26;
    private const int Union = 28;
    private const int Bit = 29;
    private const int Array = 33;
    private const int Bignum = 35;
    private const int Geometry = 40;

    /// <param name="vector">Flat, as the engine hands it over.</param>
    /// <param name="widths">One for each of its values; what there is of this vector is added.</param>
    public static void Add(nint vector, Span<long> widths)
    {
        var type = Duck.VectorType(vector);
        try
        {
            switch (Duck.TypeId(type))
            {
                case Varchar or Blob or Bit or Bignum or Geometry: AddText(vector, widths); break;
                case List or Map: AddLists(vector, widths); break;
                case Array: AddArrays(vector, (int)Duck.ArraySize(type), widths); break;
                case Struct: AddChildren(vector, Duck.StructCount(type), widths); break;
                // The first says which of the others it is.
                case Union: AddChildren(vector, 1 + Duck.UnionCount(type), widths); break;
                default:
                    foreach (ref var width in widths) width += Fixed;
                    break;
            }
        }
        finally
        {
            Duck.DestroyType(ref type);
        }
    }

    /// <summary>Sixteen bytes each, of which the first four say how many it has.</summary>
    private static void AddText(nint vector, Span<long> widths)
    {
        var data = (byte*)Duck.VectorData(vector);
        var valid = Duck.Validity(vector);
        for (var i = 0; i < widths.Length; i++) widths[i] += Fixed + (IsValid(valid, i) ? *(uint*)(data + 16 * (long)i) : 0);
    }

    /// <summary>Where each begins among the items, and how many it has.</summary>
    private static void AddLists(nint vector, Span<long> widths)
    {
        var ends = new long[1 + (int)Duck.ListSize(vector)];
        Add(Duck.ListChild(vector), ends.AsSpan(1));
        for (var i = 1; i < ends.Length; i++) ends[i] += ends[i - 1];
        var entries = (ulong*)Duck.VectorData(vector);
        var valid = Duck.Validity(vector);
        for (var i = 0; i < widths.Length; i++)
        {
            var (from, length) = IsValid(valid, i) ? (entries[2 * i], entries[2 * i + 1]) : (0, 0);
            widths[i] += Fixed + ends[(int)(from + length)] - ends[(int)from];
        }
    }

    private static void AddArrays(nint vector, int size, Span<long> widths)
    {
        var items = new long[size * widths.Length];
        Add(Duck.ArrayChild(vector), items);
        for (var i = 0; i < items.Length; i++) widths[i / size] += items[i];
    }

    private static void AddChildren(nint vector, ulong count, Span<long> widths)
    {
        for (var child = 0UL; child < count; child++) Add(Duck.StructChild(vector, child), widths);
    }

    private static bool IsValid(ulong* validity, int index) => validity is null || ((validity[index >> 6] >> (index & 63)) & 1) != 0;
}
