using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Applications.Realm;

/// <summary>The steps of a run on a Realm application, and a line for each action.</summary>
/// <param name="secretKey"><see cref="RealmConfiguration.SecretKey"/> before the run.</param>
public sealed class RealmConfigurator(string secretKey)
{
    private readonly List<string> lines = [];
    private AppServicesSession? loggedIn;
    private string app = "";

    public IReadOnlyList<string> Lines => lines;

    /// <summary><see cref="RealmConfiguration.SecretKey"/> after the run.</summary>
    public string SecretKey { get; private set; } = secretKey;

    private AppServicesSession Session => loggedIn ?? throw new InvalidOperationException("a run begins with finding the application");

    public async Task<Error?> Find(AppServicesSession session, string realmAppId)
    {
        loggedIn = session;
        if ((await session.FindApp(realmAppId)).Failed(out var path, out var failed))
        {
            return failed;
        }

        app = path;
        return Report($"Found the application {realmAppId}.");
    }

    public async Task<Error?> Configure(string signing, string publicKey, JsonObject provider) =>
        (signing == RealmSigning.Secret ? await PutSecret(publicKey) : null) ?? await PutProvider(provider);

    public async Task<Error?> Undo() => await RemoveProvider() ?? await RemoveSecret();

    private async Task<Error?> PutSecret(string publicKey)
    {
        if ((await FindSecret()).Failed(out var id, out var failed))
        {
            return failed;
        }

        var body = new JsonObject { ["name"] = RealmTokenProvider.SecretName, ["value"] = publicKey };
        if (id.Length == 0)
        {
            (var made, failed) = await Session.Send(HttpMethod.Post, $"{app}/secrets", body);
            return failed
                ?? RecordSecret(
                    AppServicesSession.Id(made) ?? "",
                    publicKey,
                    $"Created the secret {RealmTokenProvider.SecretName} with the public key."
                );
        }

        if (SecretKey == SecretFingerprint(id, publicKey))
        {
            lines.Add($"The secret {RealmTokenProvider.SecretName} already contains the public key.");
            return null;
        }

        (_, failed) = await Session.Send(HttpMethod.Put, $"{app}/secrets/{id}", body);
        return failed ?? RecordSecret(id, publicKey, $"Put the public key into the secret {RealmTokenProvider.SecretName}.");
    }

    private Error? RecordSecret(string id, string publicKey, string line)
    {
        SecretKey = id.Length == 0 ? "" : SecretFingerprint(id, publicKey);
        lines.Add(line);
        return null;
    }

    private async Task<Error?> PutProvider(JsonObject wanted)
    {
        if ((await FindProvider()).Failed(out var current, out var failed))
        {
            return failed;
        }

        if (current.ValueKind == JsonValueKind.Undefined)
        {
            (_, failed) = await Session.Send(HttpMethod.Post, $"{app}/auth_providers", wanted);
            return failed ?? Report($"Created the custom-token provider with {Count(wanted)}.");
        }

        var path = $"{app}/auth_providers/{AppServicesSession.Id(current)}";
        var differences = RealmTokenProvider.Differences(current, wanted);
        var isOff = current.TryGetProperty("disabled", out var disabled) && disabled.ValueKind == JsonValueKind.True;
        if (differences.Count > 0)
        {
            (_, failed) = await Session.Send(HttpMethod.Patch, path, wanted);
            failed ??= Report($"Changed the custom-token provider: {string.Join(", ", differences)}.");
        }

        if (failed is null && isOff)
        {
            (_, failed) = await Session.Send(HttpMethod.Put, $"{path}/enable");
            failed ??= Report("Switched the custom-token provider on.");
        }

        return failed ?? (differences.Count == 0 && !isOff ? Report("The custom-token provider is already up to date.") : null);
    }

    private async Task<Error?> RemoveProvider()
    {
        var (current, failed) = await FindProvider();
        if (failed is not null || current.ValueKind == JsonValueKind.Undefined)
        {
            return failed ?? Report("There was no custom-token provider.");
        }

        var path = $"{app}/auth_providers/{AppServicesSession.Id(current)}";
        if (!current.TryGetProperty("disabled", out var disabled) || disabled.ValueKind != JsonValueKind.True)
        {
            (_, failed) = await Session.Send(HttpMethod.Put, $"{path}/disable"); // an enabled provider cannot be deleted
            if (failed is not null)
            {
                return failed;
            }
        }

        (_, failed) = await Session.Send(HttpMethod.Delete, path);
        return failed ?? Report("Removed the custom-token provider.");
    }

    private async Task<Error?> RemoveSecret()
    {
        if ((await FindSecret()).Failed(out var id, out var failed))
        {
            return failed;
        }

        if (id.Length == 0)
        {
            return Report($"There was no secret {RealmTokenProvider.SecretName}.");
        }

        (_, failed) = await Session.Send(HttpMethod.Delete, $"{app}/secrets/{id}");
        SecretKey = failed is null ? "" : SecretKey;
        return failed ?? Report($"Removed the secret {RealmTokenProvider.SecretName}.");
    }

    /// <summary>The id of our secret; empty when there is none.</summary>
    private async Task<Result<string>> FindSecret()
    {
        if ((await Session.List($"{app}/secrets")).Failed(out var secrets, out var failed))
        {
            return failed;
        }

        var ours = secrets.Where(secret => AppServicesSession.Text(secret, "name") == RealmTokenProvider.SecretName).ToList();
        return ours.Count == 0 ? ""
            : AppServicesSession.Id(ours[0]) is { } id ? id
            : Session.UnexpectedResponse;
    }

    /// <summary>The custom-token provider with its configuration, which lists may omit; undefined when there is none.</summary>
    private async Task<Result<JsonElement>> FindProvider()
    {
        if ((await Session.List($"{app}/auth_providers")).Failed(out var providers, out var failed))
        {
            return failed;
        }

        var found = providers.FirstOrDefault(provider => AppServicesSession.Text(provider, "type") == RealmTokenProvider.Type);
        if (found.ValueKind == JsonValueKind.Undefined || AppServicesSession.Id(found) is not { } id)
        {
            return found.ValueKind == JsonValueKind.Undefined ? found : Session.UnexpectedResponse;
        }

        if (found.TryGetProperty("config", out _))
        {
            return found;
        }

        return (await Session.Send(HttpMethod.Get, $"{app}/auth_providers/{id}")).Failed(out var whole, out var missing) ? missing
            : AppServicesSession.Id(whole) == id ? whole
            : Session.UnexpectedResponse;
    }

    private Error? Report(string line)
    {
        lines.Add(line);
        return null;
    }

    private static string Count(JsonObject provider) =>
        (provider["metadata_fields"] as JsonArray)?.Count switch
        {
            null or 0 => "no metadata fields",
            1 => "one metadata field",
            var many => $"{many} metadata fields",
        };

    private static string SecretFingerprint(string secretId, string publicKey) => $"{secretId} {Secrets.Hash(publicKey)}";
}
