using System.Text.Json;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Provider.IdentityProviders.Catalogue;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>Providers as JSON, for the server API and the command line. Of a secret only that there is one.</summary>
public static class IdentityProviderDescription
{
    /// <param name="callback">Where the provider sends browsers back to.</param>
    public static void Write(Utf8JsonWriter json, IdentityProvider provider, string callback)
    {
        json.WriteString("alias"u8, provider.Alias);
        json.WriteString("template"u8, provider.Template);
        json.WriteString("name"u8, provider.Name);
        json.WriteBoolean("enabled"u8, provider.Enabled);
        json.WriteBoolean("signupAllowed"u8, provider.SignupAllowed);
        json.WriteNumber("position"u8, provider.Position);
        json.WriteString("clientId"u8, provider.ClientId);
        foreach (var (name, value) in provider.FieldValues)
        {
            json.WriteString(name, value);
        }

        json.WriteBoolean("hasSecret"u8, provider.SecretSealed.Length > 0);
        Write(json, "scopes", provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Write(json, "claims", provider.Claims.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        json.WriteString("emailTrust"u8, provider.EmailTrust);
        json.WriteString("callback"u8, callback);
        json.WriteString("createdAt"u8, WireDate.Format(provider.CreatedAt));
        json.WriteString("updatedAt"u8, WireDate.Format(provider.UpdatedAt));
    }

    public static void Write(Utf8JsonWriter json, ProviderTemplate template)
    {
        json.WriteString("template"u8, template.Key);
        json.WriteString("name"u8, template.Name);
        json.WriteString("protocol"u8, template.Protocol.ToName());
        json.WriteString("emailTrust"u8, template.EmailTrust.ToName());
        json.WriteBoolean("letsChooseTrust"u8, template.LetsChooseTrust);
        json.WriteString("emailNote"u8, template.EmailNote);
        json.WriteString("console"u8, template.Console);
        Write(json, "steps", template.Steps);
        json.WriteStartArray("fields"u8);
        foreach (var field in template.Fields)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, field.Name);
            json.WriteString("label"u8, field.Label);
            json.WriteString("whereToFind"u8, field.WhereToFind);
            json.WriteString("example"u8, field.Example);
            json.WriteBoolean("secret"u8, field.IsSecret);
            json.WriteBoolean("optional"u8, field.IsOptional);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, IEnumerable<string> items)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStringValue(item);
        }

        json.WriteEndArray();
    }
}
