using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using Duende.IdentityModel.OidcClient;
using Duende.IdentityModel.OidcClient.Browser;
using Latchkey.Provider.Clients;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using BrowserOptions = Duende.IdentityModel.OidcClient.Browser.BrowserOptions;

namespace Latchkey.Tests.Provider.RealClients;

/// <summary>Clients for .NET that others wrote: ASP.NET Core's own and Duende's, as their documentation uses them.</summary>
public sealed class DotNetTests(ServerFixture servers)
{
    private const string Ann = "ann@example.com";
    private const string Resource = "https://api.example.com";

    [Fact]
    public async Task AspNetCore_OpenIdConnect_signs_in_and_out()
    {
        await using var provider = await HttpsProvider.Start(servers);
        await provider.App.App.CreateUser(Ann);
        var port = FreePort.Find();
        var site = $"http://localhost:{port}";
        var client = await provider.App.AddClient(
            ClientType.Web,
            settings =>
                settings with
                {
                    RedirectUris = [$"{site}/signin-oidc"],
                    PostLogoutUris = [$"{site}/signout-callback-oidc"],
                    FirstParty = true,
                }
        );
        await using var app = await StartSite(provider, client, port);
        using var site1 = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(site) };
        using var start = await site1.GetAsync("/me");
        start.StatusCode.ShouldBe(HttpStatusCode.Redirect);

        using var browser = new Browser(provider.App, handler: provider.Handler());
        var visit = await browser.Open(start.Headers.Location!.AbsoluteUri);
        visit = await browser.SignIn(visit, Ann);
        var form = visit.Form(null);
        form.GetAttribute("action").ShouldBe($"{site}/signin-oidc");
        using var back = await site1.PostAsync(
            "/signin-oidc",
            new FormUrlEncodedContent(Browser.FieldsOf(visit, null).Select(field => KeyValuePair.Create(field.Name, field.Value)))
        );
        back.StatusCode.ShouldBe(HttpStatusCode.Redirect, await back.Content.ReadAsStringAsync());
        using var me = await site1.GetAsync("/me");
        (await me.Content.ReadAsStringAsync()).ShouldBe(Ann);

        using var signOut = await site1.GetAsync("/sign-out");
        var done = await browser.Open(signOut.Headers.Location!.AbsoluteUri);
        done.Away.ShouldNotBeNull().ShouldStartWith($"{site}/signout-callback-oidc?state=");
        using var again = await site1.GetAsync("/me");
        (await browser.Open(again.Headers.Location!.AbsoluteUri)).ShouldBePage("login");
    }

    [Fact]
    public async Task AspNetCore_JwtBearer_lets_in_tokens_for_the_API_and_no_others()
    {
        await using var provider = await HttpsProvider.Start(servers);
        await provider.App.AddResource(Resource, "orders:read");
        var client = await provider.App.AddClient(
            ClientType.Service,
            settings => settings with { Scopes = ["orders:read"], Resources = [Resource] }
        );
        await using var api = await StartApi(provider);
        var ann = await provider.App.App.CreateUser(Ann);
        var granted = (await client.Token(("grant_type", "client_credentials"), ("resource", Resource))).ShouldBeOk().Json;
        (await Call(api, granted.GetProperty("access_token").GetString()!)).ShouldBe("orders:read");
        (await Call(api, ann.Jwt)).ShouldBe("401"); // a user JWT of the contract
        (await Call(api, granted.GetProperty("access_token").GetString()![..^4] + "AAAA")).ShouldBe("401");
    }

    [Fact]
    public async Task Duende_OidcClient_signs_a_native_app_in_and_refreshes()
    {
        await using var provider = await HttpsProvider.Start(servers);
        await provider.App.App.CreateUser(Ann);
        var client = await provider.App.AddClient(
            ClientType.Native,
            settings => settings with { RedirectUris = ["http://127.0.0.1/callback"], FirstParty = true }
        );
        var oidc = new OidcClient(
            new OidcClientOptions
            {
                Authority = provider.App.Issuer,
                ClientId = client.Id,
                RedirectUri = $"http://127.0.0.1:{FreePort.Find()}/callback",
                Scope = "openid profile email offline_access",
                Browser = new SystemBrowser(provider),
                HttpClientFactory = _ => new HttpClient(provider.Handler()),
            }
        );
        var login = await oidc.LoginAsync(new LoginRequest());
        login.IsError.ShouldBeFalse(login.Error);
        login.User.FindFirst("email")?.Value.ShouldBe(Ann);
        var refreshed = await oidc.RefreshTokenAsync(login.RefreshToken);
        refreshed.IsError.ShouldBeFalse(refreshed.Error);
        refreshed.RefreshToken.ShouldNotBe(login.RefreshToken);
        (await oidc.GetUserInfoAsync(refreshed.AccessToken)).IsError.ShouldBeFalse();
    }

    private static async Task<WebApplication> StartSite(HttpsProvider provider, ProviderClient client, int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://localhost:{port}");
        builder
            .Services.AddAuthentication(options =>
            {
                options.DefaultScheme = CookieAuthenticationDefaults.AuthenticationScheme;
                options.DefaultChallengeScheme = OpenIdConnectDefaults.AuthenticationScheme;
            })
            .AddCookie()
            .AddOpenIdConnect(options =>
            {
                options.Authority = provider.App.Issuer;
                options.ClientId = client.Id;
                options.ClientSecret = client.Secret;
                options.ResponseType = "code";
                options.GetClaimsFromUserInfoEndpoint = true;
                options.SaveTokens = true;
                options.Scope.Add("email");
                options.BackchannelHttpHandler = provider.Handler();
                // The site of the test has no certificate of its own.
                options.CorrelationCookie.SameSite = options.NonceCookie.SameSite = SameSiteMode.Unspecified;
                options.CorrelationCookie.SecurePolicy = options.NonceCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            });
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseDeveloperExceptionPage();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/me", (ClaimsPrincipal user) => user.FindFirstValue("email") ?? "nobody").RequireAuthorization();
        app.MapGet("/sign-out", () => TypedResults.SignOut(authenticationSchemes: ["Cookies", OpenIdConnectDefaults.AuthenticationScheme]));
        await app.StartAsync();
        return app;
    }

    private static async Task<WebApplication> StartApi(HttpsProvider provider)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder
            .Services.AddAuthentication()
            .AddJwtBearer(options =>
            {
                options.Authority = provider.App.Issuer;
                options.Audience = Resource;
                options.BackchannelHttpHandler = provider.Handler();
            });
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/orders", (ClaimsPrincipal user) => user.FindFirstValue("scope")).RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    private static async Task<string> Call(WebApplication api, string token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(api.Urls.Single()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(JwtBearerDefaults.AuthenticationScheme, token);
        using var answer = await http.GetAsync("/orders");
        return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : $"{(int)answer.StatusCode}";
    }

    /// <summary>The browser of the phone or desktop that the app runs on.</summary>
    private sealed class SystemBrowser(HttpsProvider provider) : IBrowser
    {
        public async Task<BrowserResult> InvokeAsync(BrowserOptions options, CancellationToken cancellationToken = default)
        {
            using var browser = new Provider.Browser(provider.App, handler: provider.Handler());
            var visit = await browser.SignIn(await browser.Open(options.StartUrl), Ann);
            return new BrowserResult { ResultType = BrowserResultType.Success, Response = visit.Away! };
        }
    }
}
