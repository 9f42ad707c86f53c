namespace Latchkey.Tests.Harness;

/// <summary>The engine that this run of the tests is about.</summary>
public static class Engine
{
    public const string Variable = "LATCHKEY_TEST_ENGINE";

    public static bool IsPostgres { get; } =
        Environment.GetEnvironmentVariable(Variable) switch
        {
            null or "" or "sqlite" => false,
            "postgres" => true,
            var other => throw new InvalidOperationException($"{Variable} is sqlite or postgres, not {other}"),
        };
}
