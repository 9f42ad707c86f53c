using System.CommandLine;
using Latchkey.Applications.Branding;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>The options of <c>latchkey app branding set</c>.</summary>
internal sealed class BrandingOptions
{
    private readonly Option<string?> name = Text("--name", "TEXT", "What users read in the place of the application's name.");
    private readonly Option<string?> color = Text("--color", "COLOR", "Of buttons and links, such as #0b6e57.");
    private readonly Option<int?> radius = new("--radius") { Description = "Of corners, 0 to 24 pixels.", HelpName = "PIXELS" };
    private readonly Option<string?> scheme = Text("--scheme", "SCHEME", "auto, light or dark.");
    private readonly Option<string?> terms = Text("--terms-url", "URL", "A link to your terms. Empty for none.");
    private readonly Option<string?> privacy = Text("--privacy-url", "URL", "A link to your privacy policy. Empty for none.");
    private readonly Option<string?> help = Text("--help-url", "URL", "A link to help, or a mailto address. Empty for none.");
    private readonly Option<string?> logo = Text("--logo", "FILE", "A PNG, JPEG, WebP or GIF file.");
    private readonly Option<bool> noLogo = new("--no-logo") { Description = "Take the logo away." };

    public void AddTo(Command command)
    {
        scheme.AcceptOnlyFromAmong([.. EnumNames.All<BrandScheme>()]);
        Option[] all = [name, color, radius, scheme, terms, privacy, help, logo, noLogo];
        foreach (var option in all)
        {
            command.Options.Add(option);
        }
    }

    public Brand Change(ParseResult parsed, Brand brand) =>
        brand with
        {
            Name = parsed.GetValue(name) ?? brand.Name,
            Color = parsed.GetValue(color) ?? brand.Color,
            Radius = parsed.GetValue(radius) ?? brand.Radius,
            Scheme = parsed.GetValue(scheme) is { } word && EnumNames.TryParse(word, out BrandScheme chosen) ? chosen : brand.Scheme,
            TermsUrl = parsed.GetValue(terms) ?? brand.TermsUrl,
            PrivacyUrl = parsed.GetValue(privacy) ?? brand.PrivacyUrl,
            HelpUrl = parsed.GetValue(help) ?? brand.HelpUrl,
        };

    /// <summary>The file's bytes; empty to take the logo away, null to keep it.</summary>
    /// <exception cref="UnreadableFileException">The file is empty or too long.</exception>
    public byte[]? ReadLogo(ParseResult parsed) =>
        parsed.GetValue(noLogo) ? []
        : parsed.GetValue(logo) is not { } path ? null
        : InputFile.ReadBytes(path, LogoEncoder.MaxFileBytes) is { Length: > 0 } file ? file
        : throw new UnreadableFileException($"{path} is empty.");

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = $"{description} Default: unchanged.", HelpName = value };
}
