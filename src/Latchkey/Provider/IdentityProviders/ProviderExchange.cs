using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Latchkey.Applications.IdentityProviders;
using Latchkey.Core;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Messages.Providers;
using Latchkey.Provider.IdentityProviders.Catalogue;
using Latchkey.Provider.IdentityProviders.Flow;

namespace Latchkey.Provider.IdentityProviders;

/// <summary>
/// Exchanges a code of a provider for who signed in: the token endpoint, the ID token, and UserInfo. All answers are bounded in time and
/// size, and come from where <see cref="OutboundConnections"/> allows only.
/// </summary>
public sealed class ProviderExchange(HttpDelivery http, ProviderIdTokens idTokens, ProviderSecrets secrets)
{
    /// <summary>Some providers refuse requests without one.</summary>
    private const string UserAgent = "latchkey-server/1.0";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Who signed in; 852 with the cause for anything that does not hold.</summary>
    public async Task<Result<ProvedPerson>> Exchange(
        IdentityProvider provider,
        ProviderTemplate template,
        ProviderEndpoints endpoints,
        BegunSignIn begun,
        ProviderCode code
    )
    {
        if ((await AskForTokens(provider, template, endpoints, begun, code.Value)).Failed(out var tokens, out var refused))
        {
            return refused;
        }

        var (idToken, accessToken) = (tokens.GetStringOrNull("id_token"), tokens.GetStringOrNull("access_token"));
        JsonElement claims = default;
        if (template.Protocol == ProviderProtocol.Oidc)
        {
            if (idToken is null)
            {
                return ProviderProblem.Failed("the token endpoint gave no ID token");
            }

            if ((await idTokens.Validate(provider, template, endpoints, idToken, begun.Nonce)).Failed(out claims, out var invalid))
            {
                return invalid;
            }
        }

        if ((await AskForProfile(template, endpoints, accessToken)).Failed(out var answers, out var noProfile))
        {
            return noProfile;
        }

        var known = answers with
        {
            IdToken = claims,
            FirstUser = code.FirstUser is null ? default : StrictJson.ParseObject(code.FirstUser) ?? default,
        };
        return ProviderProfileReader.Read(template, TrustOf(provider, template), known).Failed(out var profile, out var nobody)
            ? ProviderProblem.Failed(nobody.Cause ?? nobody.Message)
            : new ProvedPerson(profile, template.Protocol == ProviderProtocol.Oidc ? idToken : null, AuthenticationTime(claims));
    }

    private static long? AuthenticationTime(JsonElement claims) =>
        claims.ValueKind == JsonValueKind.Object ? claims.GetNumericDate("auth_time") * 1000 : null;

    /// <summary>When the provider's addresses count as verified.</summary>
    public static EmailTrust TrustOf(IdentityProvider provider, ProviderTemplate template) =>
        template.LetsChooseTrust && EnumNames.TryParse<EmailTrust>(provider.EmailTrust, out var chosen) ? chosen : template.EmailTrust;

    private async Task<Result<JsonElement>> AskForTokens(
        IdentityProvider provider,
        ProviderTemplate template,
        ProviderEndpoints endpoints,
        BegunSignIn begun,
        string code
    )
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = begun.Callback,
        };
        if (begun.Verifier is not null)
        {
            form["code_verifier"] = begun.Verifier;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, endpoints.Token);
        if (secrets.AddTo(provider, template, endpoints, request, form) is { } unusable)
        {
            return unusable;
        }

        request.Content = new FormUrlEncodedContent(form);
        request.Headers.UserAgent.ParseAdd(UserAgent);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        var answer = await http.Fetch(request, Patience);
        return StrictJson.ParseObject(answer.Body) is not { } tokens
                ? ProviderProblem.Failed($"the token endpoint: {answer.Problem ?? "no JSON object with unique names"}")
            : tokens.GetStringOrNull("error") is { } error
                ? ProviderProblem.Failed($"the token endpoint: {error}: {tokens.GetStringOrNull("error_description")}")
            : answer.Problem is { } problem ? ProviderProblem.Failed($"the token endpoint: {problem}")
            : tokens;
    }

    private async Task<Result<ProviderAnswers>> AskForProfile(ProviderTemplate template, ProviderEndpoints endpoints, string? accessToken)
    {
        var answers = new ProviderAnswers();
        if (template.Protocol == ProviderProtocol.Oidc && (!template.AsksUserInfo || endpoints.UserInfo.Length == 0))
        {
            return answers;
        }

        if (accessToken is null)
        {
            return ProviderProblem.Failed("the token endpoint gave no access token");
        }

        if ((await Ask(template, endpoints.UserInfo, template.UserInfoIsPosted, accessToken)).Failed(out var user, out var refused))
        {
            return refused;
        }

        if (user.ValueKind != JsonValueKind.Object)
        {
            return ProviderProblem.Failed("UserInfo: no JSON object");
        }

        answers = answers with { UserInfo = user };
        return template.Emails is not { } emails ? answers
            : (await Ask(template, emails.Endpoint, false, accessToken)).Failed(out var list, out var noList) ? noList
            : answers with { Emails = list };
    }

    private async Task<Result<JsonElement>> Ask(ProviderTemplate template, string url, bool isPost, string accessToken)
    {
        if (accessToken.Any(c => c is <= ' ' or > '~'))
        {
            return ProviderProblem.Failed("the access token has characters that no header can have");
        }

        using var request = new HttpRequestMessage(isPost ? HttpMethod.Post : HttpMethod.Get, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.UserAgent.ParseAdd(UserAgent);
        foreach (var (name, value) in template.UserInfoHeaders)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var answer = await http.Fetch(request, Patience);
        return answer.Problem is { } problem ? ProviderProblem.Failed($"UserInfo: {problem}")
            : StrictJson.Parse(answer.Body) is { } json ? json
            : ProviderProblem.Failed("UserInfo: no JSON with unique names");
    }
}
