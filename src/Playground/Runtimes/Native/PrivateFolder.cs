namespace BrowserTech.Playground.Runtimes.Native;

/// <summary>Whether a folder in a place anybody can write to is really one of ours.</summary>
internal static unsafe class PrivateFolder
{
    private const int FromHere = -100; // AT_FDCWD
    private const int NotThrough = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint TypeModeAndUser = 0x1 | 0x2 | 0x8;
    private const int UserAt = 20, ModeAt = 28; // in struct statx
    private const int TypeMask = 0xF000, Folder = 0x4000, ForOthers = 0x3F;

    /// <summary>True where it is a folder and no link, this user's own, and closed to everybody else: so all that is in it is ours too.</summary>
    public static bool IsOurs(string path)
    {
        var status = stackalloc byte[256];
        if (Libc.FileStatus(FromHere, path, NotThrough, TypeModeAndUser, status) != 0) return false;
        var mode = *(ushort*)(status + ModeAt);
        return *(uint*)(status + UserAt) == Libc.EffectiveUser() && (mode & TypeMask) == Folder && (mode & ForOthers) == 0;
    }
}
