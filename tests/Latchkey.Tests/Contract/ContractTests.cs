using System.Text.Json;

namespace Latchkey.Tests.Contract;

/// <summary>
/// The recorded behaviour that clients in the stores rely on. Where the contract's text and a recording differ, the text wins: completeSignup
/// and register also answer the signed-user-token, which the cases therefore have.
/// </summary>
public sealed class ContractTests(ContractFixture run) : IClassFixture<ContractFixture>
{
    public static TheoryData<string> Names => [.. ContractCase.All.Select(step => step.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_recorded_answer_is_given(string name)
    {
        var step = ContractCase.All.Single(step => step.Name == name);
        var (reply, app) = await run.Answer(step);
        ((int)reply.Status).ShouldBe(step.Recorded.GetProperty("status").GetInt32(), $"{name}: {reply.Text}");
        var bound = new Dictionary<string, string> { ["<appId>"] = app.Id };
        if (step.Recorded.TryGetProperty("body", out var body))
        {
            // Errors are recorded by their code alone; the page adds the message.
            JsonShape.Difference(body, reply.Json, bound, subset: reply.Code is not null).ShouldBeNull(name);
        }
        else
        {
            ShouldBeAsThePageSays(name, reply);
        }

        if (step.Recorded.TryGetProperty("tokens", out var tokens))
        {
            ShouldCarry(name, tokens, reply, bound);
        }
    }

    private static void ShouldCarry(string name, JsonElement tokens, Reply reply, Dictionary<string, string> bound)
    {
        foreach (var token in tokens.EnumerateObject())
        {
            var text = reply.Json.GetProperty(token.Name).GetString()!;
            JsonShape
                .Difference(token.Value.GetProperty("payload"), LoggedInUser.DecodePart(text, 1), bound, subset: true)
                .ShouldBeNull($"{name} {token.Name}");
            if (token.Name == "jwt")
            {
                JsonShape
                    .Difference(token.Value.GetProperty("header"), LoggedInUser.DecodePart(text, 0), bound, subset: true)
                    .ShouldBeNull($"{name} {token.Name}");
            }
        }
    }

    private static void ShouldBeAsThePageSays(string name, Reply reply)
    {
        switch (name)
        {
            case "getApplication/app-inactive" or "app-inactive/getApplication":
                reply.Json.GetProperty("status").GetString().ShouldBe("inactive", name);
                break;
            case "getApplication/app-deleted":
                reply.ShouldFailWith(401);
                break;
            default:
                throw new NotSupportedException($"{name} has no body and nothing here says what the page wants");
        }
    }
}
