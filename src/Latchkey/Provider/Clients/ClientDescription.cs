using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Provider.Clients;

/// <summary>A client as JSON, for the server API and the command line. Secrets are shown by their id, end and last characters.</summary>
public static class ClientDescription
{
    public static void Write(Utf8JsonWriter json, Client client, long now)
    {
        json.WriteString("clientId"u8, client.Id);
        json.WriteString("name"u8, client.Name);
        json.WriteString("type"u8, client.Type.ToName());
        foreach (var field in ClientFields.All)
        {
            Write(json, field, client.Settings);
        }

        WriteSecrets(json, client, now);
        json.WriteString("createdAt"u8, WireDate.Format(client.CreatedAt));
        json.WriteString("updatedAt"u8, WireDate.Format(client.UpdatedAt));
    }

    public static void Write(Utf8JsonWriter json, ClientSummary client)
    {
        json.WriteString("clientId"u8, client.Id);
        json.WriteString("name"u8, client.Name);
        json.WriteString("type"u8, client.Type);
        json.WriteString("createdAt"u8, WireDate.Format(client.CreatedAt));
    }

    public static void Write(Utf8JsonWriter json, ClientSecret secret)
    {
        json.WriteString("id"u8, secret.Id);
        json.WriteString("hint"u8, secret.Hint);
        json.WriteString("createdAt"u8, WireDate.Format(secret.CreatedAt));
        json.WriteString("endsAt"u8, secret.ExpiresAt is { } end ? WireDate.Format(end) : null);
    }

    private static void Write(Utf8JsonWriter json, ClientField field, ClientSettings settings)
    {
        var text = field.Format(settings);
        switch (field.Kind)
        {
            case ClientFieldKind.Switch:
                json.WriteBoolean(field.Name, text == "1");
                break;
            case ClientFieldKind.List:
                json.WriteStartArray(field.Name);
                foreach (var item in ClientField.Split(text))
                {
                    json.WriteStringValue(item);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteString(field.Name, text);
                break;
        }
    }

    private static void WriteSecrets(Utf8JsonWriter json, Client client, long now)
    {
        json.WriteStartArray("secrets"u8);
        foreach (var secret in client.Secrets.Where(secret => secret.IsLive(now)))
        {
            json.WriteStartObject();
            Write(json, secret);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
