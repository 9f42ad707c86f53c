using static Latchkey.Provider.IdentityProviders.Catalogue.CommonFields;

namespace Latchkey.Provider.IdentityProviders.Catalogue;

/// <summary>Providers of messengers and portals of Japan and Korea.</summary>
internal static class MessengerProviders
{
    public static ProviderTemplate Line { get; } =
        new()
        {
            Key = "line",
            Name = "LINE",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://access.line.me/oauth2/v2.1/authorize",
            TokenEndpoint = "https://api.line.me/oauth2/v2.1/token",
            UserInfoEndpoint = "https://api.line.me/oauth2/v2.1/userinfo",
            AsksUserInfo = true,
            Scopes = ["openid", "profile"],
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["sub"],
                Email = [],
                EmailVerified = [],
                Name = ["name"],
                GivenName = [],
                FamilyName = [],
                Picture = ["picture"],
                Locale = [],
            },
            EmailNote = "LINE has addresses in ID tokens signed with the shared secret only, which are not read, and does not verify them.",
            Fields =
            [
                ClientId("1234567890", "Below Basic settings of the channel.", "Channel ID"),
                ClientSecret("Below Basic settings of the channel.", "Channel secret"),
            ],
            Console = "https://developers.line.biz/console/",
            Steps =
            [
                "Create a LINE Login channel of the type Web app.",
                "Below LINE Login, enter {callback} as callback URL.",
                "Publish the channel, and copy the channel ID and the channel secret.",
            ],
            Sources =
            [
                "https://developers.line.biz/en/docs/line-login/integrate-line-login/",
                "https://developers.line.biz/en/reference/line-login/#userinfo",
                "https://developers.line.biz/en/docs/line-login/verify-id-token/",
            ],
        };

    public static ProviderTemplate Kakao { get; } =
        new()
        {
            Key = "kakao",
            Name = "Kakao",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://kauth.kakao.com/oauth/authorize",
            TokenEndpoint = "https://kauth.kakao.com/oauth/token",
            UserInfoEndpoint = "https://kapi.kakao.com/v2/user/me",
            AsksUserInfo = true,
            Scopes = [],
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["id"],
                Email = ["kakao_account.email"],
                EmailVerified = ["kakao_account.is_email_valid", "kakao_account.is_email_verified"],
                Name = ["kakao_account.profile.nickname", "kakao_account.name"],
                GivenName = [],
                FamilyName = [],
                Picture = ["kakao_account.profile.profile_image_url"],
                Locale = [],
            },
            EmailTrust = EmailTrust.WhenVerifiedClaim,
            EmailNote = "Kakao says of each address whether it is verified, and whether it is still that account's.",
            Fields =
            [
                ClientId("1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d", "Below App keys.", "REST API key"),
                ClientSecret("Below the REST API key, Client secret."),
            ],
            Console = "https://developers.kakao.com/console/app",
            Steps =
            [
                "Create an app and turn on Kakao Login.",
                "Enter {callback} as redirect URI of the REST API key.",
                "Below Consent items, choose nickname, profile image and account e-mail.",
                "Copy the REST API key, turn the client secret on, and copy it.",
            ],
            Sources = ["https://developers.kakao.com/docs/latest/en/kakaologin/rest-api"],
        };

    public static ProviderTemplate Naver { get; } =
        new()
        {
            Key = "naver",
            Name = "Naver",
            Protocol = ProviderProtocol.OAuth2,
            AuthorizationEndpoint = "https://nid.naver.com/oauth2.0/authorize",
            TokenEndpoint = "https://nid.naver.com/oauth2.0/token",
            UserInfoEndpoint = "https://openapi.naver.com/v1/nid/me",
            AsksUserInfo = true,
            Scopes = [],
            SendsPkce = false,
            SendsNonce = false,
            Paths = new()
            {
                Subject = ["response.id"],
                Email = ["response.email"],
                EmailVerified = [],
                Name = ["response.name", "response.nickname"],
                GivenName = [],
                FamilyName = [],
                Picture = ["response.profile_image"],
                Locale = [],
            },
            EmailNote =
                "The address of a Naver account is one that its user entered for contact, and Naver does not say that it verified it.",
            Fields = [ClientId("jyvqXeaVOVmV", "On the page of the application."), ClientSecret("On the page of the application.")],
            Console = "https://developers.naver.com/apps/#/register",
            Steps =
            [
                "Register an application with the API Naver Login.",
                "Choose name, e-mail and profile image.",
                "Choose the environment PC web and enter {callback} as callback URL.",
                "Copy the client ID and the client secret.",
            ],
            Sources = ["https://developers.naver.com/docs/login/api/api.md", "https://developers.naver.com/docs/login/profile/profile.md"],
        };
}
