using System.Text.Json;

namespace Latchkey.Tests.Contract;

/// <summary>One recorded step of <c>tests/TestData/contract/cases.json</c>.</summary>
public sealed record ContractCase(string Name, JsonElement Recorded)
{
    private static readonly string[] ServedGroups =
    [
        "getApplication",
        "signup-code",
        "login",
        "user",
        "invite",
        "two-factor-google",
        "app-inactive",
    ];

    public static IReadOnlyList<ContractCase> All { get; } = Read();

    public string Group => Name[..Name.IndexOf('/', StringComparison.Ordinal)];

    public JsonElement Request => Recorded.GetProperty("request");

    public string Path => Request.GetProperty("path").GetString()!;

    private static List<ContractCase> Read()
    {
        using var file = File.OpenRead(System.IO.Path.Combine(RepositoryPaths.TestData, "contract", "cases.json"));
        return
        [
            .. JsonDocument
                .Parse(file)
                .RootElement.EnumerateArray()
                .Select(step => new ContractCase(step.GetProperty("name").GetString()!, step))
                .Where(step => ServedGroups.Contains(step.Group)),
        ];
    }
}
