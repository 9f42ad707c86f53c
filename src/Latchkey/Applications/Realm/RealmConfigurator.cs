using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Core;
using Latchkey.Cryptography;

namespace Latchkey.Applications.Realm;

/// <summary>The steps of one run on one Realm application, and the lines that say what each of them did.</summary>
/// <param name="secretKey">As <see cref="RealmConfiguration.SecretKey"/> was before the run.</param>
public sealed class RealmConfigurator(string secretKey)
{
    private readonly List<string> lines = [];
    private AppServicesSession session = null!;
    private string app = "";

    public IReadOnlyList<string> Lines => lines;

    /// <summary>As <see cref="RealmConfiguration.SecretKey"/> is now.</summary>
    public string SecretKey { get; private set; } = secretKey;

    public async Task<Error?> Find(AppServicesSession loggedIn, string realmAppId)
    {
        session = loggedIn;
        var (path, failed) = await session.FindApp(realmAppId);
        if (failed is null)
        {
            app = path!;
            lines.Add($"Found the application {realmAppId}.");
        }

        return failed;
    }

    public async Task<Error?> Configure(string signing, string publicKey, JsonObject provider) =>
        (signing == RealmSigning.Secret ? await PutSecret(publicKey) : null) ?? await PutProvider(provider);

    public async Task<Error?> Undo() => await RemoveProvider() ?? await RemoveSecret();

    private async Task<Error?> PutSecret(string publicKey)
    {
        var (id, failed) = await FindSecret();
        if (failed is not null)
        {
            return failed;
        }

        var body = new JsonObject { ["name"] = RealmTokenProvider.SecretName, ["value"] = publicKey };
        if (id!.Length == 0)
        {
            (var made, failed) = await session.Send(HttpMethod.Post, $"{app}/secrets", body);
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

        (_, failed) = await session.Send(HttpMethod.Put, $"{app}/secrets/{id}", body);
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
        var (current, failed) = await FindProvider();
        if (failed is not null)
        {
            return failed;
        }

        if (current.ValueKind == JsonValueKind.Undefined)
        {
            (_, failed) = await session.Send(HttpMethod.Post, $"{app}/auth_providers", wanted);
            return failed ?? Report($"Created the custom-token provider with {Count(wanted)}.");
        }

        var path = $"{app}/auth_providers/{AppServicesSession.Id(current)}";
        var differences = RealmTokenProvider.Differences(current, wanted);
        var isOff = current.TryGetProperty("disabled", out var disabled) && disabled.ValueKind == JsonValueKind.True;
        if (differences.Count > 0)
        {
            (_, failed) = await session.Send(HttpMethod.Patch, path, wanted);
            failed ??= Report($"Changed the custom-token provider: {string.Join(", ", differences)}.");
        }

        if (failed is null && isOff)
        {
            (_, failed) = await session.Send(HttpMethod.Put, $"{path}/enable");
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
            (_, failed) = await session.Send(HttpMethod.Put, $"{path}/disable"); // one that is on is not deleted
            if (failed is not null)
            {
                return failed;
            }
        }

        (_, failed) = await session.Send(HttpMethod.Delete, path);
        return failed ?? Report("Removed the custom-token provider.");
    }

    private async Task<Error?> RemoveSecret()
    {
        var (id, failed) = await FindSecret();
        if (failed is not null || id!.Length == 0)
        {
            return failed ?? Report($"There was no secret {RealmTokenProvider.SecretName}.");
        }

        (_, failed) = await session.Send(HttpMethod.Delete, $"{app}/secrets/{id}");
        SecretKey = failed is null ? "" : SecretKey;
        return failed ?? Report($"Removed the secret {RealmTokenProvider.SecretName}.");
    }

    /// <summary>The id of our secret; empty when there is none.</summary>
    private async Task<Result<string>> FindSecret()
    {
        var (secrets, failed) = await session.List($"{app}/secrets");
        if (failed is not null)
        {
            return failed;
        }

        var ours = secrets!.Where(secret => AppServicesSession.Text(secret, "name") == RealmTokenProvider.SecretName).ToList();
        return ours.Count == 0 ? ""
            : AppServicesSession.Id(ours[0]) is { } id ? id
            : session.UnexpectedResponse;
    }

    /// <summary>The custom-token provider with its configuration, which lists may leave out; undefined when there is none.</summary>
    private async Task<Result<JsonElement>> FindProvider()
    {
        var (providers, failed) = await session.List($"{app}/auth_providers");
        if (failed is not null)
        {
            return failed;
        }

        var found = providers!.FirstOrDefault(provider => AppServicesSession.Text(provider, "type") == RealmTokenProvider.Type);
        if (found.ValueKind == JsonValueKind.Undefined || AppServicesSession.Id(found) is not { } id)
        {
            return found.ValueKind == JsonValueKind.Undefined ? found : session.UnexpectedResponse;
        }

        if (found.TryGetProperty("config", out _))
        {
            return found;
        }

        var (whole, missing) = await session.Send(HttpMethod.Get, $"{app}/auth_providers/{id}");
        return missing is not null ? missing
            : AppServicesSession.Id(whole) == id ? whole
            : session.UnexpectedResponse;
    }

    private Error? Report(string line)
    {
        lines.Add(line);
        return null;
    }

    private static string Count(JsonObject provider) =>
        provider["metadata_fields"]!.AsArray().Count switch
        {
            0 => "no metadata fields",
            1 => "one metadata field",
            var many => $"{many} metadata fields",
        };

    private static string SecretFingerprint(string secretId, string publicKey) => $"{secretId} {Secrets.Hash(publicKey)}";
}
