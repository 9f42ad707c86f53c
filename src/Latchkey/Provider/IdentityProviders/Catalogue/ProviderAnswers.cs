using System.Text.Json;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>The answers of a provider of which a profile is read. What it did not give is undefined.</summary>
/// <param name="IdToken">The claims of the ID token, which the caller has verified.</param>
/// <param name="UserInfo">The answer of UserInfo.</param>
/// <param name="Emails">The answer of <see cref="ProviderTemplate.Emails"/>.</param>
/// <param name="FirstUser">
/// The form field <c>user</c>, that Apple sends with the first sign-in only. It came through the browser and nobody signed it, so only the
/// name is taken from it.
/// </param>
public readonly record struct ProviderAnswers(
    JsonElement IdToken = default,
    JsonElement UserInfo = default,
    JsonElement Emails = default,
    JsonElement FirstUser = default
);
