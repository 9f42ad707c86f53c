using System.Globalization;
using System.Text.Json;
using Latchkey.Applications.Branding;
using Latchkey.Core;

namespace Latchkey.Cli.Commands;

/// <summary>What <c>latchkey app branding show</c> prints.</summary>
internal static class BrandingOutput
{
    public static string Text(BrandState state)
    {
        IEnumerable<BrandVersion> shown = state.IsChanged || state.Current is null ? [state.Draft, .. state.Published] : state.Published;
        return string.Join('\n', shown.Select(version => Line(version, state)));
    }

    public static string Json(BrandState state) =>
        CliJson.Write(json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("changed", state.IsChanged);
            json.WriteStartObject("draft");
            Write(json, state.Draft);
            json.WriteEndObject();
            json.WriteStartArray("versions");
            foreach (var version in state.Published)
            {
                json.WriteStartObject();
                json.WriteNumber("version", version.Version);
                Write(json, version);
                json.WriteString("publishedBy", version.Actor);
                json.WriteString("publishedAt", WireDate.Format(version.ChangedAt));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });

    private static string Line(BrandVersion version, BrandState state)
    {
        var (brand, number) = (version.Brand, version.Version.ToString(CultureInfo.InvariantCulture));
        var which =
            version.Version == BrandVersion.Draft
                ? state.IsChanged
                    ? "draft"
                    : "built in"
                : version == state.Current
                    ? $"{number} (in use)"
                    : number;
        var when = version.ChangedAt == 0 ? "" : $"  {WireDate.Format(version.ChangedAt)}  {version.Actor}";
        return string.Create(
                CultureInfo.InvariantCulture,
                $"{which}  {brand.Color}  {brand.Radius} px  {brand.Scheme.ToName()}{(version.HasLogo ? "  logo" : "")}{when}  {brand.Name}"
            )
            .TrimEnd();
    }

    private static void Write(Utf8JsonWriter json, BrandVersion version)
    {
        var brand = version.Brand;
        json.WriteString("name", brand.Name);
        json.WriteString("color", brand.Color);
        json.WriteNumber("radius", brand.Radius);
        json.WriteString("scheme", brand.Scheme.ToName());
        json.WriteString("termsUrl", brand.TermsUrl);
        json.WriteString("privacyUrl", brand.PrivacyUrl);
        json.WriteString("helpUrl", brand.HelpUrl);
        json.WriteBoolean("logo", version.HasLogo);
    }
}
