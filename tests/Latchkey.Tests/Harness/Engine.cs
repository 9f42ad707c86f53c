namespace Latchkey.Tests.Harness;

/// <summary>The engine that this run of the tests is about.</summary>
public static class Engine
{
    public const string Variable = "LATCHKEY_TEST_ENGINE";
    private const string Partitioned = "postgres-partitioned";

    public static bool IsPostgres { get; } =
        Environment.GetEnvironmentVariable(Variable) switch
        {
            null or "" or "sqlite" => false,
            "postgres" or Partitioned => true,
            var other => throw new InvalidOperationException($"{Variable} is sqlite, postgres or {Partitioned}, not {other}"),
        };

    /// <summary>PostgreSQL, with the tables of the applications partitioned (<see cref="PartitionedSchema"/>).</summary>
    public static bool IsPartitioned { get; } = Environment.GetEnvironmentVariable(Variable) == Partitioned;
}
