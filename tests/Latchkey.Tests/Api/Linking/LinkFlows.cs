using System.Text.Json;

namespace Latchkey.Tests.Api.Linking;

/// <summary>The functions for several ways in, as apps call them.</summary>
public static class LinkFlows
{
    public static Task<Reply> Link(this LoggedInUser user, string provider, string token, string? nonce = null) =>
        user.Post(
            "link",
            new
            {
                provider,
                token,
                nonce,
            }
        );

    public static async Task<JsonElement> Links(this LoggedInUser user) => (await user.Get("links")).ShouldBeOk().Json;

    /// <summary>The user's identities, as provider and address.</summary>
    public static async Task<string[]> LinkedAccounts(this LoggedInUser user) =>
        [
            .. (await user.Links())
                .GetProperty("identities")
                .EnumerateArray()
                .Select(one =>
                    $"{one.GetProperty("provider").GetString()} {(one.TryGetProperty("email", out var email) ? email.GetString() : "")}"
                ),
        ];

    /// <summary>Unlinks the user's first identity of the provider.</summary>
    public static async Task<Reply> Unlink(this LoggedInUser user, string provider) =>
        await user.Post("unlink", new { id = await user.LinkId(provider) });

    public static async Task<string> LinkId(this LoggedInUser user, string provider) =>
        (await user.Links())
            .GetProperty("identities")
            .EnumerateArray()
            .First(one => one.GetProperty("provider").GetString() == provider)
            .GetProperty("id")
            .GetString()!;

    /// <summary>As if the user had linked somebody. Returns the link's id.</summary>
    public static async Task<string> GiveIdentity(this App app, string handle, string provider, string subject)
    {
        var link = Latchkey.Data.Ids.New(TimeProvider.System);
        (
            await app.Installation.Execute(
                """
                INSERT INTO user_identities (app_id, id, user_id, provider, subject, email, created_at)
                SELECT app_id, @link, id, @provider, @subject, @subject, created_at FROM users WHERE app_id = @Id AND handle = @handle
                """,
                new
                {
                    app.Id,
                    link,
                    handle,
                    provider,
                    subject,
                }
            )
        ).ShouldBe(1);
        return link;
    }
}
