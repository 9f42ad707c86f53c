using QRCoder;

namespace Latchkey.Api.TwoFactor;

public static class QrCode
{
    private const int PixelsPerModule = 6;

    /// <summary>A PNG of the text as a QR code.</summary>
    public static byte[] Png(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.L);
        using var code = new PngByteQRCode(data);
        return code.GetGraphic(PixelsPerModule);
    }
}
