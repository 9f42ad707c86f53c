using System.Globalization;
using Latchkey.Core;
using SkiaSharp;

namespace Latchkey.Applications.Branding;

/// <summary>
/// Makes a logo of a picture that somebody sent: decoded, turned as its camera says, made small, and written anew as PNG. Of the file
/// nothing but colours is left. Its size is known from its header before anything is decoded.
/// </summary>
public static class LogoEncoder
{
    public const int MaxFileBytes = 1024 * 1024;
    public const int MaxSide = 4096;

    /// <summary>What one picture may take in memory, decoded: 32 MiB.</summary>
    public const int MaxPixels = 8 * 1024 * 1024;

    /// <summary>Twice what pages show, for sharp screens.</summary>
    public const int Width = 352;
    public const int Height = 88;

    /// <summary>So that the first page stays below 50 KB.</summary>
    public const int MaxPngBytes = 24 * 1024;

    private const int MostCompressed = 9;

    /// <summary>Sizes that are tried, until the picture is small enough.</summary>
    private static readonly double[] Scales = [1, 0.75, 0.5];

    /// <summary>602 with a sentence for what is wrong.</summary>
    public static Result<BrandLogo> Encode(byte[] file)
    {
        if (file.Length is 0 or > MaxFileBytes)
        {
            return Invalid($"A logo is a file of up to {MaxFileBytes / 1024} KiB.");
        }

        if (LogoFormat.Find(file) is not { } format)
        {
            return Invalid(LogoFormat.Refusal(file));
        }

        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        return codec is null || codec.EncodedFormat != format ? Damaged
            : FindSizeProblem(codec.Info.Width, codec.Info.Height) is { } problem ? Invalid(problem)
            : Decode(codec);
    }

    private static string? FindSizeProblem(int width, int height) =>
        width is < 1 or > MaxSide || height is < 1 or > MaxSide || (long)width * height > MaxPixels
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"The picture has {width} × {height} pixels. A logo has at most {MaxSide} on each side and {MaxPixels:N0} in all."
            )
            : null;

    private static Result<BrandLogo> Decode(SKCodec codec)
    {
        // The colours of all pictures are brought into sRGB here, so no profile is needed any more.
        using var bitmap = new SKBitmap(
            new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb())
        );
        if (codec.GetPixels(bitmap.Info, bitmap.GetPixels()) != SKCodecResult.Success)
        {
            return Damaged;
        }

        using var picture = SKImage.FromBitmap(bitmap);
        foreach (var scale in Scales)
        {
            var logo = Write(picture, codec.EncodedOrigin, scale);
            if (logo.Png.Length <= MaxPngBytes)
            {
                return logo;
            }
        }

        return Invalid("The picture has too much detail for a logo. Use one with fewer colours, without photographs.");
    }

    private static BrandLogo Write(SKImage picture, SKEncodedOrigin origin, double scale)
    {
        var isTurned = origin is >= SKEncodedOrigin.LeftTop and <= SKEncodedOrigin.LeftBottom;
        var (wide, high) = isTurned ? (picture.Height, picture.Width) : (picture.Width, picture.Height);
        var factor = Math.Min(1, Math.Min(Width * scale / wide, Height * scale / high));
        var (width, height) = (Math.Max(1, (int)Math.Round(wide * factor)), Math.Max(1, (int)Math.Round(high * factor)));
        using var target = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        using (var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul)))
        {
            surface.Canvas.Clear(SKColors.Transparent);
            surface.Canvas.Scale((float)width / wide, (float)height / high);
            surface.Canvas.Concat(Turn(origin, wide, high));
            surface.Canvas.DrawImage(picture, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
            surface.ReadPixels(target.Info, target.GetPixels(), target.RowBytes, 0, 0);
        }

        using var png =
            target.PeekPixels()?.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, MostCompressed))
            ?? throw new InvalidOperationException("the logo could not be written");
        return new(png.ToArray(), width, height);
    }

    /// <summary>How a camera was held (Exif 2.32, orientation), into a picture that stands upright.</summary>
    private static SKMatrix Turn(SKEncodedOrigin origin, float width, float height) =>
        origin switch
        {
            SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
            SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
            SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightTop => new(0, -1, width, 1, 0, 0, 0, 0, 1),
            SKEncodedOrigin.RightBottom => new(0, -1, width, -1, 0, height, 0, 0, 1),
            SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, height, 0, 0, 1),
            _ => SKMatrix.Identity,
        };

    private static Error Damaged => Invalid("The picture is damaged, or it is not what it says it is. Save it as PNG again.");

    private static Error Invalid(string sentence) => ErrorCodes.InvalidData with { Message = sentence };
}
