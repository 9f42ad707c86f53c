using System.Net;
using System.Text.Json;

namespace Latchkey.Tests.Provider;

/// <summary>What tests ask of the provider's answers for programs.</summary>
public static class OAuthReplies
{
    /// <summary>A member of a successful answer.</summary>
    public static string Text(this Reply reply, string member) => reply.ShouldBeOk().Json.GetProperty(member).GetString()!;

    public static bool Has(this Reply reply, string member) => reply.Json.TryGetProperty(member, out _);

    /// <summary>The claims of a token in a successful answer.</summary>
    public static JsonElement Claims(this Reply reply, string member) => LoggedInUser.DecodePart(reply.Text(member), 1);

    /// <summary>An error as RFC 6749 §5.2 and CM-10 have it.</summary>
    public static Reply ShouldRefuse(this Reply reply, string error, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        reply.Status.ShouldBe(status, reply.Text);
        reply.Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        reply.Header("Cache-Control").ShouldBe("no-store");
        reply.Json.EnumerateObject().Select(member => member.Name).ShouldBe(["error", "error_description"]);
        reply.Json.GetProperty("error").GetString().ShouldBe(error, reply.Text);
        reply.Json.GetProperty("error_description").GetString()!.ShouldAllBe(c => c >= ' ' && c <= '~' && c != '"' && c != '\\');
        return reply;
    }

    public static Reply ShouldRefuseClient(this Reply reply) => reply.ShouldRefuse("invalid_client", HttpStatusCode.Unauthorized);
}
