using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace BrowserTech.Demos.GpuGrid;

/// <summary>What a page is told. Pages of rows are laid out column by column, so that the browser reads them where they lie.</summary>
internal static class Replies
{
    /// <summary>Bytes before the rows of a page.</summary>
    public const int PageHead = 32;

    /// <summary>Bytes of a row.</summary>
    public const int RowBytes = 4 + 4 + 4 + 2 * Template.MaxSlots + 2 + 1 + 1 + EventLog.TraceSamples / 2;

    /// <summary>The first message, as text: the words that rows name by number.</summary>
    public static byte[] Welcome(EventLog log)
    {
        using var memory = new MemoryStream();
        using (var json = new Utf8JsonWriter(memory))
        {
            json.WriteStartObject();
            json.WriteNumber("rows", log.Rows);
            json.WriteNumber("start", log.Times.Start);
            json.WriteNumber("end", log.Times.End);
            json.WriteNumber("pageRows", Request.PageRows);
            json.WriteNumber("traceSamples", EventLog.TraceSamples);
            json.WriteNumber("maxFilter", Filter.MaxLength);
            json.WriteNumber("memory", Environment.WorkingSet);
            Strings(json, "levels", Catalogue.Levels);
            Strings(json, "stations", Catalogue.Stations);
            Strings(json, "systems", Catalogue.Systems);
            Strings(json, "targets", Catalogue.Targets);
            json.WriteStartArray("templates");
            foreach (var template in Catalogue.Templates)
            {
                json.WriteStartObject();
                json.WriteNumber("system", template.System);
                json.WriteNumber("level", (int)template.Level);
                Strings(json, "pieces", template.Pieces);
                json.WriteString("slots", string.Concat(template.Slots.Select(slot => slot.Kind)));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return memory.ToArray();
    }

    /// <summary>One page of a view, as many rows as there are by now, none of a view that was left (null); the bytes written.</summary>
    public static int Page(EventLog log, View? view, uint viewId, uint page, uint number, byte[] into)
    {
        var first = page * (long)Request.PageRows;
        var count = view is null ? 0 : (int)Math.Clamp(view.Count - first, 0, Request.PageRows);
        var head = into.AsSpan(0, PageHead);
        head.Clear();
        head[0] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(head[2..], (ushort)count);
        BinaryPrimitives.WriteUInt32LittleEndian(head[4..], viewId);
        BinaryPrimitives.WriteUInt32LittleEndian(head[8..], page);
        BinaryPrimitives.WriteUInt32LittleEndian(head[12..], number);
        var body = into.AsSpan(PageHead, count * RowBytes);
        // Every column begins where its type may.
        var ids = MemoryMarshal.Cast<byte, uint>(body[..(4 * count)]);
        var times = MemoryMarshal.Cast<byte, uint>(body.Slice(4 * count, 4 * count));
        var durations = MemoryMarshal.Cast<byte, uint>(body.Slice(8 * count, 4 * count));
        var values = MemoryMarshal.Cast<byte, short>(body.Slice(12 * count, 6 * count));
        var signals = MemoryMarshal.Cast<byte, short>(body.Slice(18 * count, 2 * count));
        var kinds = body.Slice(20 * count, count);
        var stations = body.Slice(21 * count, count);
        var traces = body.Slice(22 * count, 12 * count);
        Span<int> slots = stackalloc int[Template.MaxSlots];
        long zero = 0;
        for (var i = 0; i < count; i++)
        {
            var row = log.Row(view!.RowAt((int)first + i));
            if (i == 0) zero = row.Time;
            (ids[i], times[i], durations[i], signals[i], kinds[i], stations[i]) = ((uint)row.Id, (uint)(row.Time - zero), row.Micros, row.Signal, row.Kind, row.Station);
            row.Values(slots);
            for (var slot = 0; slot < slots.Length; slot++) values[i * slots.Length + slot] = unchecked((short)slots[slot]);
            row.Trace(traces.Slice(12 * i, 12));
        }

        BinaryPrimitives.WriteDoubleLittleEndian(head[16..], zero);
        return PageHead + body.Length;
    }

    /// <summary>How far the search is.</summary>
    public static byte[] Count(View view)
    {
        var reply = new byte[24];
        // Whether it is complete before how many there are: what is called complete must be.
        (reply[0], reply[1]) = (2, (byte)(view.IsComplete ? 1 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(4), view.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(8), (uint)view.Scanned);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(12), (uint)view.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(16), (uint)view.Elapsed.TotalMicroseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(20), (uint)(Environment.WorkingSet >> 10));
        return reply;
    }

    public static byte[] Histogram(View view, Bins asked)
    {
        var reply = new byte[24 + 12 * asked.Count];
        (reply[0], reply[1]) = (3, asked.Strip);
        BinaryPrimitives.WriteUInt16LittleEndian(reply.AsSpan(2), (ushort)asked.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(4), view.Id);
        BinaryPrimitives.WriteDoubleLittleEndian(reply.AsSpan(8), asked.From);
        BinaryPrimitives.WriteDoubleLittleEndian(reply.AsSpan(16), asked.To);
        var counts = MemoryMarshal.Cast<byte, uint>(reply.AsSpan(24));
        view.CountOver(asked.From, asked.To, counts[..asked.Count], counts.Slice(asked.Count, asked.Count), counts[(2 * asked.Count)..]);
        return reply;
    }

    public static byte[] Located(View view, Locate asked)
    {
        var reply = new byte[16];
        reply[0] = 4;
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(4), view.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(8), asked.Token);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(12), (uint)view.IndexAt(asked.Time));
        return reply;
    }

    /// <summary>A part of what is copied.</summary>
    public static byte[] Copied(uint token, int rows, bool isLast, string text)
    {
        var reply = new byte[12 + Encoding.UTF8.GetByteCount(text)];
        (reply[0], reply[1]) = (5, (byte)(isLast ? 1 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(4), token);
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(8), (uint)rows);
        Encoding.UTF8.GetBytes(text, reply.AsSpan(12));
        return reply;
    }

    /// <summary>Why a filter cannot be used.</summary>
    public static byte[] Wrong(uint view, string why)
    {
        var reply = new byte[8 + Encoding.UTF8.GetByteCount(why)];
        reply[0] = 6;
        BinaryPrimitives.WriteUInt32LittleEndian(reply.AsSpan(4), view);
        Encoding.UTF8.GetBytes(why, reply.AsSpan(8));
        return reply;
    }

    private static void Strings(Utf8JsonWriter json, string name, string[] strings)
    {
        json.WriteStartArray(name);
        foreach (var each in strings) json.WriteStringValue(each);
        json.WriteEndArray();
    }
}
