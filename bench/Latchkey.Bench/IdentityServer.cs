using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Latchkey.Bench;

/// <summary>
/// ASP.NET Core Identity's own API (MapIdentityApi) with Entity Framework Core on PostgreSQL, as its documentation sets it up. POST
/// /register, POST /login, and GET /manage/info for the signed-in user. <c>identity ADDRESS CONNECTION</c>
/// </summary>
internal static class IdentityServer
{
    public static async Task Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(args[0]);
        builder.Services.AddDbContextPool<Users>(options => options.UseNpgsql(args[1]));
        builder.Services.AddAuthorization();
        builder.Services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<Users>();
        var app = builder.Build();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Users>().Database.EnsureCreatedAsync();
        }

        app.MapIdentityApi<IdentityUser>();
        app.MapGet("/same", () => Results.Ok());
        await app.RunAsync();
    }

    private sealed class Users(DbContextOptions<Users> options) : IdentityDbContext<IdentityUser>(options);
}
