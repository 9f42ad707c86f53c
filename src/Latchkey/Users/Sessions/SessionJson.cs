using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Users.Sessions;

/// <summary>Sessions as users, servers and the command line see them.</summary>
public static class SessionJson
{
    /// <param name="sessions">The sessions, in their order.</param>
    /// <param name="currentId">The id of the session that asks; empty if none does.</param>
    /// <param name="now">In unix milliseconds.</param>
    public static byte[] WriteList(IEnumerable<Session> sessions, string currentId, long now)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("sessions"u8);
            foreach (var session in sessions)
            {
                Write(json, session, session.Id == currentId, now);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static void Write(Utf8JsonWriter json, Session session, bool isCurrent, long now)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, session.PublicId);
        json.WriteBoolean("current"u8, isCurrent);
        json.WriteString("createdAt"u8, WireDate.Format(session.CreatedAt));
        json.WriteString("lastUsedAt"u8, WireDate.Format(session.LastUsedAt ?? session.CreatedAt));
        json.WriteString("expiresAt"u8, WireDate.Format(session.ExpiresAt));
        if (session.IdleExpiresAt is { } idle)
        {
            json.WriteString("idleExpiresAt"u8, WireDate.Format(idle));
        }

        WriteIfAny(json, "client", session.Client);
        WriteIfAny(json, "userAgent", session.UserAgent);
        WriteIfAny(json, "deviceName", session.DeviceName);
        json.WriteStartArray("amr"u8);
        foreach (var method in AuthenticationMethods.Read(session.Methods))
        {
            json.WriteStringValue(method);
        }

        json.WriteEndArray();
        json.WriteString("acr"u8, AuthenticationMethods.LevelOf(session.Methods));
        if (session.EndAt(now) is { } end)
        {
            json.WriteString("endedAt"u8, WireDate.Format(end.At));
            json.WriteString("endReason"u8, end.ReasonName);
            WriteIfAny(json, "endClient", end.Client);
        }

        json.WriteEndObject();
    }

    private static void WriteIfAny(Utf8JsonWriter json, string name, string value)
    {
        if (value.Length > 0)
        {
            json.WriteString(name, value);
        }
    }
}
