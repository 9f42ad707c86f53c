using System.Data.Common;
using Latchkey.Api.Authentication;
using Latchkey.Api.SocialLogin;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using Latchkey.Users.Registration;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>Makes somebody a user whom a provider has proved and whom nobody here knows.</summary>
public sealed class ProviderSignUp(Database database, UserStore users, IdentityRegistration registration, MessageOutbox outbox)
{
    /// <summary>The function, as the log names it.</summary>
    public const string Action = "providerSignup";

    /// <summary>Whether the application, and its provider, let people sign up.</summary>
    public static bool IsAllowed(ApplicationSettings settings, IdentityProvider provider) =>
        settings.SignupEnabled && provider.SignupAllowed;

    /// <summary>The metadata of the new user; 604 while a required field is missing.</summary>
    public static Result<string> ReadMetadata(ApplicationSettings settings, PendingIdentity identity) =>
        Metadata.Validate(settings.MetaData, MetadataForm.Document(identity.Metadata)).Failed(out var values, out var refused)
            ? refused
            : Metadata.Write(values);

    /// <summary>
    /// Registers the user. 610/611/612 when the address or the person has an account, 604 for missing metadata, 613 when the proof was used
    /// before, 704 when the application is full.
    /// </summary>
    /// <param name="email">Proved by the provider, or by a code.</param>
    /// <param name="locale">Of the page.</param>
    /// <param name="useProof">Uses up what proved the address, in the same transaction; its error is the answer.</param>
    public async Task<Result<RegisteredUser>> Register(
        AppCaller caller,
        PendingIdentity identity,
        string email,
        string locale,
        bool opensSession,
        Func<DbConnection, Task<Error?>>? useProof = null
    )
    {
        var settings = caller.Application.Settings;
        if (ReadMetadata(settings, identity).Failed(out var metadata, out var missing))
        {
            return missing;
        }

        var signup = new IdentitySignup(
            email,
            LocaleOf(settings, identity.Locale) ?? LocaleOf(settings, locale) ?? MessageTemplates.FallbackLocale,
            metadata,
            Action
        )
        {
            OpensSession = opensSession,
        };
        var made = await database.Write<Result<RegisteredUser>>(async db =>
            useProof is not null && await useProof(db) is { } refused
                ? refused
                : await registration.Register(db, caller, identity.ToIdentity(), signup)
        );
        outbox.Wake();
        return made;
    }

    /// <summary>Who has the address already; null for nobody.</summary>
    public async Task<User?> FindOwner(string appId, string email) => await database.Read(db => users.FindByHandle(db, appId, email));

    private static string? LocaleOf(ApplicationSettings settings, string? tag) =>
        tag is null
            ? null
            : settings.Locales.FirstOrDefault(one => one.Equals(tag, StringComparison.OrdinalIgnoreCase))
                ?? settings.Locales.FirstOrDefault(one => one.Equals(tag.Split('-')[0], StringComparison.OrdinalIgnoreCase));
}
