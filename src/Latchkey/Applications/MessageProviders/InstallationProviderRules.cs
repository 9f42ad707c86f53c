using Latchkey.Activity.Audit;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Latchkey.Cryptography;

namespace Latchkey.Applications.MessageProviders;

/// <summary>Sets and removes the installation's own providers in the portal. Changes apply on every node within a second.</summary>
public sealed class InstallationProviderRules(
    InstallationProviderStore store,
    InstallationProviders providers,
    KeyRing ring,
    InstallationLog log
)
{
    private const int MaxLength = 2_000;

    private static readonly Error SetByVariables = Setting.Invalid(
        "The server's variables set this provider. Remove them and restart the server to set it here."
    );

    /// <summary>
    /// Sets the provider of a channel. 602 with a sentence for what is wrong, and where the server's variables set it.
    /// </summary>
    /// <param name="kind">A key of <see cref="ProviderKind"/>.</param>
    /// <param name="texts">By the names of its fields. An empty secret keeps the one before, if messages go to the same place.</param>
    public async Task<Result<Done>> Set(ProviderChannel channel, string kind, IReadOnlyDictionary<string, string> texts, Actor actor)
    {
        if (providers.IsSetByVariables(channel))
        {
            return SetByVariables;
        }

        if (ProviderKind.Of(channel).FirstOrDefault(one => one.Key == kind) is not { } known)
        {
            return Setting.Invalid("There is no such kind of provider.");
        }

        if (ReadValues(channel, known, texts).Failed(out var values, out var wrong))
        {
            return wrong;
        }

        try
        {
            providers.Create(channel, values);
        }
        catch (InvalidSettingException e)
        {
            return Setting.Invalid(InWordsOf(known, e.Message));
        }

        var name = InstallationProviderStore.NameOf(channel);
        var sealedValues = ring.Encrypt(name, NameValueLines.Write(values));
        await log.Write(InstallationEntry.By(actor, "setProvider", $"{name} set to {kind}"), db => store.Save(db, channel, sealedValues));
        await providers.Load();
        return default(Done);
    }

    /// <summary>Removes the provider, so that messages stay in the mailbox. 602 where the server's variables set it.</summary>
    public async Task<Result<Done>> Remove(ProviderChannel channel, Actor actor)
    {
        if (providers.IsSetByVariables(channel))
        {
            return SetByVariables;
        }

        var what = $"{InstallationProviderStore.NameOf(channel)} removed";
        await log.Write(InstallationEntry.By(actor, "removeProvider", what), db => store.Delete(db, channel));
        await providers.Load();
        return default(Done);
    }

    private Result<Dictionary<string, string>> ReadValues(
        ProviderChannel channel,
        ProviderKind kind,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var values = kind.Fields.ToDictionary(
            field => field.Name,
            field => texts.GetValueOrDefault(field.Name)?.Trim() ?? "",
            StringComparer.Ordinal
        );
        if (
            kind.Fields.FirstOrDefault(field => values[field.Name] is var text && (text.Length > MaxLength || text.Any(char.IsControl))) is
            { } bad
        )
        {
            return Setting.Invalid($"{bad.Label} is too long, or has characters that nobody can see.");
        }

        var before = providers.Values(channel);
        var keepsSecrets = ProviderKind.Find(channel, before) == kind && !ProviderKind.LeadElsewhere(before, values);
        foreach (
            var field in kind.Fields.Where(field => field.IsSecret && values[field.Name].Length == 0 && before.ContainsKey(field.Name))
        )
        {
            if (!keepsSecrets)
            {
                return Setting.Invalid($"{field.Label} is missing. The one before was for another place.");
            }

            values[field.Name] = before[field.Name];
        }

        return kind.Fields.FirstOrDefault(field => !field.IsOptional && values[field.Name].Length == 0) is { } missing
            ? Setting.Invalid($"{missing.Label} is missing.")
            : values;
    }

    /// <summary>What is wrong, with the labels of the form in place of the server's variables.</summary>
    private static string InWordsOf(ProviderKind kind, string message) =>
        kind
            .Fields.OrderByDescending(field => field.Name.Length)
            .Aggregate(message, (text, field) => text.Replace($"LATCHKEY_{field.Name}", field.Label, StringComparison.Ordinal));
}
