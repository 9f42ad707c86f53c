using Latchkey.Provider.Clients;

namespace Latchkey.Portal.Clients.QuickStarts;

/// <summary>The quick starts for each type of client.</summary>
internal static class QuickStartList
{
    public static IReadOnlyList<QuickStart> Of(Client client, string issuer)
    {
        var values = new SnippetValues(client, issuer);
        return client.Type switch
        {
            ClientType.Browser => [ReactQuickStart.Create(values), VueQuickStart.Create(values)],
            ClientType.Web =>
            [
                NextQuickStart.Create(values),
                ExpressQuickStart.Create(values),
                AspNetQuickStart.Create(values),
                PythonQuickStart.Create(values),
                GoQuickStart.Create(values),
            ],
            ClientType.Native => [SwiftQuickStart.Create(values), KotlinQuickStart.Create(values), FlutterQuickStart.Create(values)],
            _ => [],
        };
    }
}
