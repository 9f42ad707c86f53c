using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Provider.Authorization;

/// <summary>
/// What the parameter <c>claims</c> demands of the sign-in itself (OpenID Connect Core §5.5). All else in it is for tokens.
/// </summary>
/// <param name="Subject">The only user who may answer; null for anybody.</param>
/// <param name="EssentialAcr">The values of acr of which one is demanded; empty for no demand.</param>
public sealed record ClaimsParameter(string? Subject, IReadOnlyList<string> EssentialAcr)
{
    private static readonly ClaimsParameter Nothing = new(null, []);
    private static readonly Error NotAnObject = OAuthErrors.InvalidRequest with { Message = "claims is not a JSON object." };

    /// <summary>invalid_request for anything but a JSON object. Members that are unknown are ignored.</summary>
    public static Result<ClaimsParameter> Parse(string? text)
    {
        if (text is null)
        {
            return Nothing;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 16, AllowDuplicateProperties = false });
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : NotAnObject;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return NotAnObject; // the second: an unpaired surrogate
        }
    }

    private static ClaimsParameter Read(JsonElement claims)
    {
        ReadNames(claims);
        return Member(claims, "id_token") is not { } idToken
            ? Nothing
            : new(
                Member(idToken, "sub") is { } subject && Values(subject) is [var first, ..] ? first : null,
                Member(idToken, "acr") is { } acr
                && acr.TryGetProperty("essential", out var essential)
                && essential.ValueKind == JsonValueKind.True
                    ? Values(acr)
                    : []
            );
    }

    /// <summary>All names that tokens are made of later, so that one that is no text is found here.</summary>
    private static void ReadNames(JsonElement claims)
    {
        foreach (var part in claims.EnumerateObject().Where(part => part.Name.Length > 0 && part.Value.ValueKind == JsonValueKind.Object))
        {
            _ = part.Value.EnumerateObject().Count(claim => claim.Name.Length > 0);
        }
    }

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static IReadOnlyList<string> Values(JsonElement claim) =>
        claim.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : claim.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!)]
        : [];
}
