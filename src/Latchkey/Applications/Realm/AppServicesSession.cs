using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Core;

namespace Latchkey.Applications.Realm;

/// <summary>A login to App Services for one run. An expired token is renewed and the call repeated.</summary>
public sealed class AppServicesSession
{
    private const int MaxMessageLength = 300;
    private const int MinSecretLength = 6; // redacting shorter ones would damage words and hide nothing

    private readonly AppServicesClient client;
    private readonly AtlasApiKey keys;
    private readonly CancellationToken stop;
    private string accessToken;
    private readonly string refreshToken;

    private AppServicesSession(
        AppServicesClient client,
        AtlasApiKey keys,
        string accessToken,
        string refreshToken,
        CancellationToken stop
    ) => (this.client, this.keys, this.accessToken, this.refreshToken, this.stop) = (client, keys, accessToken, refreshToken, stop);

    public static async Task<Result<AppServicesSession>> LogIn(AppServicesClient client, AtlasApiKey keys, CancellationToken stop)
    {
        if (
            (
                await client.Send(
                    HttpMethod.Post,
                    "/auth/providers/mongodb-cloud/login",
                    null,
                    new JsonObject { ["username"] = keys.PublicKey, ["apiKey"] = keys.PrivateKey },
                    stop
                )
            ).Failed(out var answer, out var failed)
        )
        {
            return failed;
        }

        if (!answer.IsSuccess)
        {
            var refused = new AppServicesSession(client, keys, "", "", stop);
            return answer.Status is 400 or 401 or 403 ? RealmErrors.WrongKeys : refused.ToError(answer);
        }

        return Text(answer.Json, "access_token") is { Length: > 0 } access
            ? new AppServicesSession(client, keys, access, Text(answer.Json, "refresh_token"), stop)
            : RealmErrors.UnexpectedResponse(client.Address);
    }

    /// <summary>The JSON of a successful response.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="path">See <see cref="AppServicesClient.Send"/>.</param>
    /// <param name="body">Sent as JSON.</param>
    /// <param name="notFound">The error for 404; null for the response's own text.</param>
    public async Task<Result<JsonElement>> Send(HttpMethod method, string path, JsonNode? body = null, Error? notFound = null)
    {
        var sent = await client.Send(method, path, accessToken, body, stop);
        if (sent.Value is { Status: 401 })
        {
            if (await Renew() is { } ended)
            {
                return ended;
            }

            sent = await client.Send(method, path, accessToken, body, stop);
        }

        return sent.Failed(out var answer, out var failed) ? failed
            : answer.IsSuccess ? answer.Json
            : answer.Status == 404 && notFound is not null ? notFound
            : ToError(answer);
    }

    /// <summary>The elements of a list; an error when the response is not a list.</summary>
    public async Task<Result<IReadOnlyList<JsonElement>>> List(string path, Error? notFound = null)
    {
        return (await Send(HttpMethod.Get, path, null, notFound)).Failed(out var json, out var failed) ? failed
            : json.ValueKind == JsonValueKind.Array && json.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object)
                ? json.EnumerateArray().ToList()
            : RealmErrors.UnexpectedResponse(client.Address);
    }

    /// <summary>The error for a response in an unexpected format.</summary>
    public Error UnexpectedResponse => RealmErrors.UnexpectedResponse(client.Address);

    /// <summary>The path of the project's application with this Realm App Id.</summary>
    public async Task<Result<string>> FindApp(string realmAppId)
    {
        var project = $"/groups/{keys.ProjectId}/apps";
        if ((await List(project, RealmErrors.NoProject)).Failed(out var answer, out var failed))
        {
            return failed;
        }

        if (answer.Any(app => Text(app, "client_app_id") == realmAppId))
        {
            return Id(answer.First(app => Text(app, "client_app_id") == realmAppId)) is { } id ? $"{project}/{id}" : UnexpectedResponse;
        }

        return RealmErrors.NoApp(realmAppId, Redact(string.Join(", ", answer.Take(5).Select(app => Text(app, "client_app_id")))));
    }

    /// <summary>Makes a remote text safe to show: one short line without keys and tokens.</summary>
    public string Redact(string text)
    {
        foreach (
            var secret in new[] { keys.PrivateKey, keys.PublicKey, keys.ProjectId, accessToken, refreshToken }.Where(secret =>
                secret.Length >= MinSecretLength
            )
        )
        {
            text = text.Replace(secret, "…", StringComparison.OrdinalIgnoreCase);
        }

        var line = new StringBuilder();
        foreach (var rune in Strings.Truncate(text, MaxMessageLength).EnumerateRunes())
        {
            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }

    /// <summary>The text of a property; empty when there is none.</summary>
    public static string Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString() ?? ""
            : "";

    /// <summary>An object's id, if it is safe in a path; otherwise null.</summary>
    public static string? Id(JsonElement json) => Text(json, "_id") is var id && IsId(id) ? id : null;

    public static bool IsId(string id) => id.Length is > 0 and <= 64 && id.All(char.IsAsciiLetterOrDigit);

    private async Task<Error?> Renew()
    {
        if (refreshToken.Length == 0)
        {
            return RealmErrors.SessionEnded;
        }

        if ((await client.Send(HttpMethod.Post, "/auth/session", refreshToken, null, stop)).Failed(out var answer, out var failed))
        {
            return failed;
        }

        if (!answer.IsSuccess || Text(answer.Json, "access_token") is not { Length: > 0 } renewed)
        {
            return RealmErrors.SessionEnded;
        }

        accessToken = renewed;
        return null;
    }

    private Error ToError(AppServicesResponse answer) =>
        answer.Status switch
        {
            401 => RealmErrors.SessionEnded,
            403 => RealmErrors.Forbidden,
            _ => RealmErrors.Refused(answer.Status, Redact(ErrorText(answer.Json))),
        };

    private static string ErrorText(JsonElement json)
    {
        var (error, code) = (Text(json, "error"), Text(json, "error_code"));
        return code.Length == 0 ? error : $"{error} ({code})";
    }
}
