namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>ASP.NET Core, with its own OpenID Connect handler.</summary>
internal static class AspNetQuickStart
{
    public static QuickStart Create(SnippetValues v) =>
        new(
            "aspnet",
            "ASP.NET Core",
            """
            dotnet new web --output MyApp && cd MyApp
            dotnet add package Microsoft.AspNetCore.Authentication.OpenIdConnect
            """,
            [("Program.cs", Program(v))],
            """
            export CLIENT_SECRET=…  # this client's
            dotnet run
            """
        )
        {
            Notes =
            [
                .. v.ServerNotes,
                $"After signing out, the browser comes back to {v.Origin}/signout-callback-oidc, if that is a post-logout address.",
            ],
        };

    private static string Program(SnippetValues v) =>
        $$"""
            using System.Net;

            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddAuthorization();
            builder
                .Services.AddAuthentication(options =>
                {
                    options.DefaultScheme = "Cookies";
                    options.DefaultChallengeScheme = "OpenIdConnect";
                })
                .AddCookie("Cookies")
                .AddOpenIdConnect("OpenIdConnect", options =>
                {
                    options.Authority = {{v.Issuer}};
                    options.ClientId = {{v.Id}};
                    options.ClientSecret = builder.Configuration["CLIENT_SECRET"];
                    options.ResponseType = "code";
                    options.CallbackPath = {{v.StartPath}};
                    options.MapInboundClaims = false;
                    options.GetClaimsFromUserInfoEndpoint = true;
                    options.SaveTokens = true;{{(
                v.IsPlainHttp ? "\n        options.RequireHttpsMetadata = false; // only while the issuer is http" : ""
            )}}
                    options.Scope.Clear();
                    foreach (var scope in {{v.SignInScope}}.Split(' '))
                    {
                        options.Scope.Add(scope);
                    }
                });

            var app = builder.Build();
            app.MapGet("/", (HttpContext http) =>
            {
                var user = http.User.FindFirst("email") ?? http.User.FindFirst("sub");
                var page = user is null
                    ? "<a href='/login'>Sign in</a>"
                    : $"<p>Hello {WebUtility.HtmlEncode(user.Value)}</p><a href='/logout'>Sign out</a>";
                return Results.Content(page, "text/html; charset=utf-8");
            });
            app.MapGet("/login", () => Results.Challenge(new() { RedirectUri = "/" }, ["OpenIdConnect"]));
            app.MapGet("/logout", () => Results.SignOut(new() { RedirectUri = "/" }, ["Cookies", "OpenIdConnect"]));
            app.Run({{v.QuotedOrigin}});
            """;
}
