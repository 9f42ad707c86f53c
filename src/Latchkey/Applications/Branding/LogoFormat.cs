using System.Text;
using SkiaSharp;

namespace Latchkey.Applications.Branding;

/// <summary>What kind of picture a file is, by its first bytes. Its name counts for nothing.</summary>
public static class LogoFormat
{
    private const int Looked = 1024;

    /// <summary>Null for any other than PNG, JPEG, GIF and WebP.</summary>
    public static SKEncodedImageFormat? Find(ReadOnlySpan<byte> file) =>
        file.StartsWith<byte>([0x89, .. "PNG\r\n\u001a\n"u8]) ? SKEncodedImageFormat.Png
        : file.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? SKEncodedImageFormat.Jpeg
        : file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8) ? SKEncodedImageFormat.Gif
        : file.StartsWith("RIFF"u8) && file.Length > 12 && file[8..].StartsWith("WEBP"u8) ? SKEncodedImageFormat.Webp
        : null;

    /// <summary>Why a file of another kind is not taken, and what to do.</summary>
    public static string Refusal(byte[] file) =>
        Encoding.Latin1.GetString(file, 0, Math.Min(file.Length, Looked)).Contains("<svg", StringComparison.OrdinalIgnoreCase)
            ? "SVG files can hold scripts, so they are not taken. Save the logo as PNG."
            : "A logo is a PNG, JPEG, WebP or GIF file. Save the logo as PNG.";
}
