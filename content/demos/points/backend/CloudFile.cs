using BrowserTech.Demos.Points.Cloud;

namespace BrowserTech.Demos.Points;

/// <summary>Where the points come from.</summary>
internal static class CloudFile
{
    /// <summary>Beside the program, read-only, the same for all backends. What lies in <c>data</c> outlives a rebuild of the program.</summary>
    public static readonly string Name = Path.Combine("data", "cloud.bin");

    /// <summary>The file that was made at the build; without one, a second's work and eighty megabytes of this process's own.</summary>
    public static PointCloud OpenOrMake(int threads)
    {
        var path = Path.Combine(AppContext.BaseDirectory, Name);
        if (!File.Exists(path)) return PointCloud.Make(CloudGenerator.DefaultSeed, CloudFormat.Points, threads);
        try
        {
            return PointCloud.Open(path);
        }
        catch (InvalidDataException error)
        {
            Console.Error.WriteLine($"{error.Message} It is made again, for this process only.");
            return PointCloud.Make(CloudGenerator.DefaultSeed, CloudFormat.Points, threads);
        }
    }
}
