using System.Text.Json;
using Latchkey.Activity.Audit;
using Latchkey.Api.Authentication;
using Latchkey.Core;

namespace Latchkey.Provider.Consents;

/// <summary>consents and revokeConsent: our extension of the app-user API.</summary>
public static class ConsentsApi
{
    public static void MapConsents(this RouteGroupBuilder api)
    {
        api.MapGet("consents", List)
            .RequiresToken(TokenKind.Access)
            .WithSummary("List the clients of the OpenID provider to which the user has allowed something, and what.");
        api.MapPost("revokeConsent", Revoke)
            .RequiresToken(TokenKind.Access)
            .WithSummary("Take back what the user has allowed to a client. 753 when there is nothing.");
    }

    private static async Task<IResult> List(UserCaller caller, ConsentRules rules) =>
        ApiResults.RawJson(Write(await rules.List(caller.User)));

    private static async Task<IResult> Revoke(BoundRequest<RevokeRequest> bound, UserCaller caller, ConsentRules rules) =>
        ApiResults.From(await rules.Revoke(caller.User, bound.Value.ClientId, new Actor(AuditEntry.ByUser, caller.Client.Address)));

    public static byte[] Write(IReadOnlyList<AllowedClient> all)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("consents"u8);
            foreach (var (consent, name) in all)
            {
                json.WriteStartObject();
                json.WriteString("clientId"u8, consent.ClientId);
                json.WriteString("name"u8, name);
                WriteList(json, "scopes", consent.Scope);
                WriteList(json, "resources", consent.Resources);
                json.WriteString("createdAt"u8, WireDate.Format(consent.CreatedAt));
                json.WriteString("updatedAt"u8, WireDate.Format(consent.UpdatedAt));
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartArray(name);
        foreach (var one in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            json.WriteStringValue(one);
        }

        json.WriteEndArray();
    }

    /// <param name="ClientId">As consents lists it.</param>
    public sealed record RevokeRequest(string ClientId) : IRequest<RevokeRequest>
    {
        public static RevokeRequest Read(FieldReader fields) => new(fields.Required("clientId"));
    }
}
