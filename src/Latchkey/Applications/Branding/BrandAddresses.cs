using System.Globalization;

namespace Latchkey.Applications.Branding;

/// <summary>Where pages find the files of a brand.</summary>
public sealed record BrandAddresses(string Stylesheet, string Logo)
{
    /// <summary>A published version never changes, so browsers keep its files.</summary>
    public static BrandAddresses OfPublished(Application application, string path)
    {
        var version = (application.Brand?.Version ?? 0).ToString(CultureInfo.InvariantCulture);
        return new($"{path}/brand/{version}.css", $"{path}/brand/{version}/logo.png");
    }
}
