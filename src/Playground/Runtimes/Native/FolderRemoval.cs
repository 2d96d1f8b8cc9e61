using System.Globalization;
using System.Text;

namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>
/// Removes a folder whatever a stranger put into it: names that are no text, folders closed to their owner, folders in folders
/// deeper than any path is long. Names are bytes here and never turned into text, each entry is reached through a descriptor of the
/// folder it is in, and no link is followed. A folder in the folder is emptied by moving what folders it has up, so that no
/// depth needs a stack or more than two descriptors.
/// </summary>
internal static unsafe class FolderRemoval
{
    private const int FromHere = -100; // AT_FDCWD
    private const int NameAt = 19; // in struct dirent of every 64-bit Linux
    private const uint ForOwner = 0b111_000_000;

    /// <summary>Returns when there is no such folder any more, or something else of this name.</summary>
    /// <exception cref="IOException">Something in it cannot be removed; what can has been.</exception>
    public static void Remove(string path)
    {
        fixed (byte* name = (byte[])[.. Encoding.UTF8.GetBytes(path), 0])
        {
            var folder = OpenFolder(FromHere, name);
            if (folder < 0 && Failure is Libc.NotThere or Libc.NoFolder or Libc.IsLink) return;
            if (folder < 0) throw Libc.Failed("open");
            try
            {
                // What is moved up comes after what is there, and is found when it is looked again.
                while (Empty(folder, folder))
                {
                }
            }
            finally
            {
                _ = Libc.Close(folder);
            }

            if (Libc.RemoveAt(FromHere, name, Libc.AsFolder) != 0 && Failure != Libc.NotThere) throw Libc.Failed("rmdir");
        }
    }

    private static int Failure => System.Runtime.InteropServices.Marshal.GetLastPInvokeError();

    /// <summary>Removes what is in a folder, but for its folders that are not empty: those go up. True when there were any.</summary>
    private static bool Empty(int folder, int top)
    {
        var moved = false;
        foreach (var entry in Entries(folder))
        {
            fixed (byte* name = entry)
            {
                if (Libc.RemoveAt(folder, name, 0) == 0 || Failure == Libc.NotThere) continue;
                if (Failure != Libc.IsFolder) throw Libc.Failed("unlink");
                if (Libc.RemoveAt(folder, name, Libc.AsFolder) == 0 || Failure == Libc.NotThere) continue;
                var inner = OpenFolder(folder, name); // closed to its owner, it could not be moved either
                if (inner < 0) throw Libc.Failed("open");
                try
                {
                    if (folder == top)
                    {
                        moved |= Empty(inner, top);
                        if (Libc.RemoveAt(folder, name, Libc.AsFolder) != 0 && Failure != Libc.NotThere) throw Libc.Failed("rmdir");
                    }
                    else
                    {
                        fixed (byte* up = (byte[])[.. Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()), 0])
                            if (Libc.RenameAt(folder, name, top, up) != 0) throw Libc.Failed("rename");
                        moved = true;
                    }
                }
                finally
                {
                    _ = Libc.Close(inner);
                }
            }
        }

        return moved;
    }

    /// <summary>A descriptor of the folder, which its owner, us or root, may now read and change; negative where it is no folder.</summary>
    private static int OpenFolder(int at, byte* name)
    {
        var exact = Libc.OpenAt(at, name, Libc.PathOnly | Libc.OnlyFolder | Libc.NoFollow | Libc.CloseOnExec);
        if (exact < 0) return exact;
        // Through its descriptor it is this very folder, whatever has its name by now.
        var path = string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{exact}");
        _ = Libc.ChangeMode(path, ForOwner);
        var folder = Libc.Open(path, Libc.CloseOnExec);
        _ = Libc.Close(exact);
        return folder;
    }

    private static List<byte[]> Entries(int folder)
    {
        var entries = new List<byte[]>();
        fixed (byte* here = (byte[])[(byte)'.', 0])
        {
            var list = Libc.OpenList(Libc.OpenAt(folder, here, Libc.CloseOnExec)); // a descriptor of its own, from the start
            if (list == 0) throw Libc.Failed("fdopendir");
            for (byte* entry; (entry = Libc.NextInList(list)) != null;)
            {
                var name = System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(entry + NameAt);
                if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) entries.Add([.. name, 0]);
            }

            _ = Libc.CloseList(list);
        }

        return entries;
    }
}
