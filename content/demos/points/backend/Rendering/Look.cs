namespace BrowserTech.Demos.Points.Rendering;

/// <summary>What all renderers must agree on to make the same picture: the page's <c>shaders.js</c> has these numbers too, and tests compare the pictures.</summary>
internal static class Look
{
    public const float EdgeStrength = 7;
    public const float EdgeMost = 0.07f;
    public const float HazeFrom = 450;
    public const float HazeOver = 3200;
    public const float HazeMost = 0.42f;
    public const float HazeRed = 0.42f;
    public const float HazeGreen = 0.50f;
    public const float HazeBlue = 0.60f;
    public const float SkyRed = 0.039f;
    public const float SkyGreen = 0.043f;
    public const float SkyBlue = 0.051f;
    public const float GlowRed = 0.13f;
    public const float GlowGreen = 0.155f;
    public const float GlowBlue = 0.19f;
}
