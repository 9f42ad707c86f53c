namespace Latchkey.Applications.Branding;

/// <summary>A logo as this server made it.</summary>
/// <param name="Png">The picture.</param>
/// <param name="Width">In pixels; pages show it at half of that.</param>
/// <param name="Height">As above.</param>
public sealed record BrandLogo(byte[] Png, int Width, int Height);
