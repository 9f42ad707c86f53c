using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Tests.Contract;

/// <summary>Plays a group of recorded steps in order against one application, and keeps what each was answered.</summary>
public sealed class ContractFixture(ServerFixture servers)
{
    private readonly Dictionary<string, Lazy<Task<ContractFixture.Playback>>> groups = ContractCase
        .All.Select(step => step.Group)
        .Distinct()
        .ToDictionary(group => group, group => new Lazy<Task<Playback>>(() => Play(servers, group)));

    public async Task<(Reply Reply, App App)> Answer(ContractCase step)
    {
        var played = await groups[step.Group].Value;
        return (played.Replies[step.Name], played.App);
    }

    private static async Task<Playback> Play(ServerFixture servers, string group)
    {
        var app = await (await servers.Unlimited()).CreateRsaApp("passwordFormat=md5");
        var played = new Playback(app);
        await ContractSetup.BeforeGroup(played, group);
        foreach (var step in ContractCase.All.Where(step => step.Group == group))
        {
            await ContractSetup.Before(played, step);
            await played.Send(step);
        }

        return played;
    }

    /// <summary>The state of a group under way.</summary>
    public sealed class Playback(App app)
    {
        public App App { get; } = app;

        public Dictionary<string, Reply> Replies { get; } = [];

        /// <summary>Access tokens by handle, and by its local part, as the cases name them.</summary>
        public Dictionary<string, string> AccessTokens { get; } = [];

        private string? loginToken;
        private Authenticator? authenticator;

        public void Remember(string handle, LoggedInUser user)
        {
            AccessTokens[handle] = user.AccessToken;
            AccessTokens[handle.Split('@')[0]] = user.AccessToken;
        }

        public async Task Send(ContractCase step)
        {
            var request = App.Server.Request(HttpMethod.Parse(step.Request.GetProperty("method").GetString()!), step.Path);
            foreach (var header in step.Request.GetProperty("headers").EnumerateObject().Where(header => header.Name != "content-type"))
            {
                request.Headers.Add(header.Name, Filled(header.Value.GetString()!));
            }

            var body = step.Request.TryGetProperty("body", out var recorded) ? await WithSentCode(recorded) : null;
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }

            var reply = await App.Server.Send(request);
            Replies[step.Name] = reply;
            if (reply.Code is null && reply.Text.StartsWith('{'))
            {
                Keep(reply);
            }
        }

        private void Keep(Reply reply)
        {
            if (reply.Json.TryGetProperty("access-token", out _))
            {
                var user = App.ParseTokens(reply);
                Remember(user.Claims.GetProperty("sub").GetString()!, user);
            }
            else if (reply.Json.TryGetProperty("login-token", out var token))
            {
                loginToken = token.GetString();
            }
            else if (reply.Json.TryGetProperty("googleSecretKey", out var secret))
            {
                authenticator = new Authenticator(secret.GetString()!);
            }
        }

        /// <summary>The six digits in a request stand for the code last sent to its handle; 111111 and 123456 for wrong ones.</summary>
        private async Task<JsonObject> WithSentCode(JsonElement recorded)
        {
            var body = JsonObject.Create(recorded)!;
            if (body.ContainsKey("loginToken"))
            {
                return WithSecondFactor(body);
            }

            if (
                body["handle"] is { } handle
                && body["code"] is { } code
                && code.ToString() is { Length: 6 } digits and not "111111" and not "123456"
                && digits.All(char.IsAsciiDigit)
                && (await App.Mails(handle.ToString())).FirstOrDefault(mail => mail.Code is not null)?.Code is { } sent
            )
            {
                body["code"] = code.GetValueKind() == JsonValueKind.Number ? int.Parse(sent) : sent;
            }

            return body;
        }

        /// <summary>874397 stands for a code of the authenticator app, 162073 for the same one once it has been used.</summary>
        private JsonObject WithSecondFactor(JsonObject body)
        {
            body["loginToken"] = loginToken;
            if (body["code"]?.ToString() is "874397" or "162073")
            {
                body["code"] = authenticator!.Code();
            }

            return body;
        }

        private string Filled(string header) =>
            header switch
            {
                "<appToken>" => App.Token,
                _ when header.StartsWith("<accessToken ", StringComparison.Ordinal) => AccessTokens[header["<accessToken ".Length..^1]],
                _ => header,
            };
    }
}
