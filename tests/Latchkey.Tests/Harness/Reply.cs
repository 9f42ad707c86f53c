using System.Net;
using System.Text.Json;

namespace Latchkey.Tests.Harness;

/// <summary>An answer of the server, and what tests ask of one.</summary>
public sealed record Reply(HttpStatusCode Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public int? Code => Status == HttpStatusCode.OK ? null : Json.GetProperty("code").GetInt32();

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public static async Task<Reply> Read(HttpResponseMessage answer)
    {
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
        return new(answer.StatusCode, await answer.Content.ReadAsStringAsync(), headers);
    }

    /// <summary>The wire's <c>true</c>: exactly these four bytes.</summary>
    public void ShouldBeTrue()
    {
        Text.ShouldBe("true");
        Status.ShouldBe(HttpStatusCode.OK);
        Header("Content-Type").ShouldBe("application/json; charset=utf-8");
    }

    public Reply ShouldBeOk()
    {
        Status.ShouldBe(HttpStatusCode.OK, Text);
        return this;
    }

    public void ShouldFailWith(int code, HttpStatusCode status = HttpStatusCode.BadRequest)
    {
        Status.ShouldBe(status, Text);
        Header("Content-Type").ShouldBe("application/json; charset=utf-8");
        Json.EnumerateObject().Select(p => p.Name).ShouldBe(["code", "message"]);
        Json.GetProperty("code").GetInt32().ShouldBe(code, Text);
        Json.GetProperty("message").GetString().ShouldNotBeNullOrEmpty();
    }

    /// <summary>700, and when to come back.</summary>
    public void ShouldBeRateLimited()
    {
        ShouldFailWith(700, HttpStatusCode.TooManyRequests);
        int.Parse(Header("Retry-After") ?? "0").ShouldBePositive();
    }
}
