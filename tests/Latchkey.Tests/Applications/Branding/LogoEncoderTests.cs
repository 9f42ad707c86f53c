using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Latchkey.Applications.Branding;
using SkiaSharp;

namespace Latchkey.Tests.Applications.Branding;

/// <summary>Of a picture that somebody sends, colours are all that is kept.</summary>
public sealed class LogoEncoderTests
{
    private const string Secret = "taken at home by Ada";

    [Theory]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public void A_picture_becomes_a_small_PNG_with_its_colours(SKEncodedImageFormat format)
    {
        var logo = LogoEncoder.Encode(Picture(format, 1000, 500)).Value!;
        (logo.Width, logo.Height).ShouldBe((176, 88));
        Chunks(logo.Png).ShouldBeSubsetOf(["IHDR", "IDAT", "IEND", "sBIT"]);
        using var shown = SKBitmap.Decode(logo.Png);
        (shown.Width, shown.Height).ShouldBe((176, 88));
        IsNear(shown.GetPixel(44, 44), SKColors.DarkBlue).ShouldBeTrue();
        IsNear(shown.GetPixel(132, 44), SKColors.Orange).ShouldBeTrue();
    }

    [Fact]
    public void A_GIF_becomes_a_PNG()
    {
        var gif = Convert.FromBase64String("R0lGODlhAQABAPAAAP8AAAAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==");
        var logo = LogoEncoder.Encode(gif).Value!;
        (logo.Width, logo.Height).ShouldBe((1, 1));
        using var shown = SKBitmap.Decode(logo.Png);
        IsNear(shown.GetPixel(0, 0), SKColors.Red).ShouldBeTrue();
    }

    [Fact]
    public void What_was_clear_stays_clear()
    {
        using var bitmap = new SKBitmap(20, 20);
        bitmap.Erase(SKColors.Transparent);
        bitmap.SetPixel(10, 10, SKColors.Red);
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using var shown = SKBitmap.Decode(LogoEncoder.Encode(data.ToArray()).Value!.Png);
        shown.GetPixel(0, 0).Alpha.ShouldBe((byte)0);
        shown.GetPixel(10, 10).ShouldBe(SKColors.Red);
    }

    [Fact]
    public void What_a_camera_or_a_program_wrote_beside_the_picture_is_gone()
    {
        var png = Insert(
            Picture(SKEncodedImageFormat.Png, 40, 20),
            "tEXt",
            $"Comment\0{Secret}",
            "eXIf",
            Secret,
            "iTXt",
            $"XML:com.adobe.xmp\0\0\0\0\0{Secret}"
        );
        var jpeg = InsertSegment(Picture(SKEncodedImageFormat.Jpeg, 40, 20), 0xE1, $"Exif\0\0{Secret}");
        jpeg = InsertSegment(jpeg, 0xFE, Secret);
        foreach (var file in new[] { png, jpeg, [.. Picture(SKEncodedImageFormat.Png, 40, 20), .. Encoding.ASCII.GetBytes(Secret)] })
        {
            Encoding.Latin1.GetString(file).ShouldContain(Secret);
            Encoding.Latin1.GetString(LogoEncoder.Encode(file).Value!.Png).ShouldNotContain(Secret);
        }
    }

    [Fact]
    public void A_picture_that_is_a_page_or_an_archive_too_is_only_a_picture_then()
    {
        byte[] polyglot = [.. Picture(SKEncodedImageFormat.Jpeg, 40, 20), .. "<script>alert(1)</script>PK\u0003\u0004"u8];
        polyglot = InsertSegment(polyglot, 0xFE, "*/=alert(1)/*<html><script>alert(2)</script>");
        var logo = LogoEncoder.Encode(polyglot).Value!;
        Encoding.Latin1.GetString(logo.Png).ShouldNotContain("script");
        logo.Png.AsSpan(0, 4).ToArray().ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
    }

    [Fact]
    public void A_camera_held_on_its_side_gives_an_upright_picture()
    {
        byte[] exif = [.. "Exif\0\0MM\0*\0\0\0\b\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0\u0006\0\0\0\0\0\0"u8];
        var turned = InsertSegment(Picture(SKEncodedImageFormat.Jpeg, 40, 20), 0xE1, Encoding.Latin1.GetString(exif));
        var logo = LogoEncoder.Encode(turned).Value!;
        (logo.Width, logo.Height).ShouldBe((20, 40));
        using var shown = SKBitmap.Decode(logo.Png);
        IsNear(shown.GetPixel(10, 8), SKColors.DarkBlue).ShouldBeTrue();
        IsNear(shown.GetPixel(10, 32), SKColors.Orange).ShouldBeTrue();
    }

    [Theory]
    [InlineData(10_000, 10_000)]
    [InlineData(4_097, 10)]
    [InlineData(4_000, 4_000)]
    [InlineData(0x7fffffff, 1)]
    public void A_picture_of_too_many_pixels_is_refused_before_it_is_decoded(int width, int height)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var refused = LogoEncoder.Encode(Bomb(width, height)).Error!.Message;
        refused.ShouldMatch("pixels|damaged");
        (GC.GetTotalAllocatedBytes(precise: true) - before).ShouldBeLessThan(4 * 1024 * 1024);
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>", "SVG")]
    [InlineData("<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<SVG/>", "SVG")]
    [InlineData("%PDF-1.7", "PNG, JPEG, WebP or GIF")]
    [InlineData("BM000000000000", "PNG, JPEG, WebP or GIF")]
    [InlineData("GIF89a", "damaged")]
    [InlineData("\u0089PNG\r\n\u001a\n", "damaged")]
    [InlineData("ÿØÿàrubbish", "damaged")]
    [InlineData("RIFF0000WEBPVP8 rubbish", "damaged")]
    [InlineData("", "up to")]
    public void What_is_no_picture_is_refused_with_what_to_do(string file, string sentence) =>
        LogoEncoder.Encode(Encoding.Latin1.GetBytes(file)).Error!.Message.ShouldContain(sentence);

    [Fact]
    public void A_picture_that_breaks_off_is_refused()
    {
        var whole = Picture(SKEncodedImageFormat.Png, 300, 300);
        LogoEncoder.Encode(whole[..(whole.Length / 2)]).Error!.Message.ShouldContain("damaged");
    }

    [Fact]
    public void A_file_that_is_too_long_is_refused() =>
        LogoEncoder.Encode(new byte[LogoEncoder.MaxFileBytes + 1]).Error!.Message.ShouldContain("up to 1024 KiB");

    [Fact]
    public void A_picture_that_would_make_pages_heavy_is_refused()
    {
        using var noise = new SKBitmap(352, 88, SKColorType.Rgba8888, SKAlphaType.Opaque);
        var random = new Random(1);
        for (var at = 0; at < 352 * 88; at++)
        {
            noise.SetPixel(at % 352, at / 352, new SKColor((uint)random.Next() | 0xff000000));
        }

        using var data = noise.Encode(SKEncodedImageFormat.Png, 100);
        LogoEncoder.Encode(data.ToArray()).Error!.Message.ShouldContain("too much detail");
    }

    /// <summary>The left half is dark blue, the right one orange.</summary>
    internal static byte[] Picture(SKEncodedImageFormat format, int width, int height)
    {
        using var surface = SKSurface.Create(new SKImageInfo(width, height));
        surface.Canvas.Clear(SKColors.DarkBlue);
        using var paint = new SKPaint { Color = SKColors.Orange };
        surface.Canvas.DrawRect(width / 2f, 0, width / 2f, height, paint);
        using var image = surface.Snapshot();
        using var data = image.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>A PNG of a few bytes that says it has so many pixels, all zero.</summary>
    private static byte[] Bomb(int width, int height)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 2);
        using var zeros = new MemoryStream();
        using (var zlib = new ZLibStream(zeros, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(new byte[100_000]);
        }

        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR", header), .. Chunk("IDAT", zeros.ToArray()), .. Chunk("IEND", [])];
    }

    /// <summary>Chunks between the header and the rest.</summary>
    private static byte[] Insert(byte[] png, params string[] namesAndTexts) =>
        [.. png[..33], .. namesAndTexts.Chunk(2).SelectMany(pair => Chunk(pair[0], Encoding.Latin1.GetBytes(pair[1]))), .. png[33..]];

    private static byte[] InsertSegment(byte[] jpeg, byte marker, string text)
    {
        var content = Encoding.Latin1.GetBytes(text);
        var length = content.Length + 2;
        return [.. jpeg[..2], 0xFF, marker, (byte)(length >> 8), (byte)length, .. content, .. jpeg[2..]];
    }

    private static byte[] Chunk(string name, byte[] content)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(name), .. content];
        var (length, checksum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Checksum(body));
        return [.. length, .. body, .. checksum];
    }

    /// <summary>CRC-32 (PNG, annex D).</summary>
    private static uint Checksum(byte[] body)
    {
        var sum = uint.MaxValue;
        foreach (var one in body)
        {
            sum ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                sum = (sum & 1) == 1 ? 0xEDB88320 ^ (sum >> 1) : sum >> 1;
            }
        }

        return ~sum;
    }

    private static IEnumerable<string> Chunks(byte[] png)
    {
        for (var at = 8; at < png.Length; at += 12 + BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(at)))
        {
            yield return Encoding.ASCII.GetString(png, at + 4, 4);
        }
    }

    private static bool IsNear(SKColor one, SKColor other) =>
        Math.Abs(one.Red - other.Red) + Math.Abs(one.Green - other.Green) + Math.Abs(one.Blue - other.Blue) < 24;
}
