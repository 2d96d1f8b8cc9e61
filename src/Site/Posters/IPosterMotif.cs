namespace BrowserTech.Site.Posters;

/// <summary>
/// One way of drawing. A motif takes every decision from <c>random</c> before it looks at the size of the picture, so that
/// all sizes of one slug show the same thing; and it dims itself by <see cref="PosterFrame.Light"/>.
/// </summary>
internal interface IPosterMotif
{
    void Draw(LightField field, PosterRandom random, CosinePalette palette);
}
