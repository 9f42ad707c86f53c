using System.Text.RegularExpressions;
using Mono.Cecil;

namespace Latchkey.Tests;

/// <summary>
/// The shape of the program, as docs/architecture.md draws it: rooms on storeys, with references downwards only. Who refers to whom is
/// read from the compiled program, so Razor pages and fully qualified names count like everything else.
/// </summary>
public sealed partial class ArchitectureTests
{
    /// <summary>From top to bottom. A room may refer to rooms on lower storeys only.</summary>
    private static readonly string[][] Storeys =
    [
        ["Hosting"],
        ["Cli", "Portal"],
        ["Operations"],
        ["Accounts"],
        ["Api"],
        ["Users"],
        ["Messages"],
        ["Applications"],
        ["Activity"],
        ["Jobs", "Limits"],
        ["Cryptography", "Data"],
        ["Core"],
    ];

    private static readonly string Source = Path.Combine(RepositoryPaths.Root, "src", "Latchkey");

    private static readonly IReadOnlyList<string> Files =
    [
        .. Directory
            .EnumerateFiles(Source, "*.*", SearchOption.AllDirectories)
            .Where(file => Written().IsMatch(file) && !Generated().IsMatch(file)),
    ];

    private static readonly IReadOnlyList<string> CodeFiles = [.. Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal))];

    [Fact]
    public void The_folders_are_the_rooms_of_the_plan()
    {
        var folders = Directory.EnumerateDirectories(Source).Select(Path.GetFileName).Except(["bin", "obj", "wwwroot", "Properties"]);
        folders.Order().ShouldBe(Storeys.SelectMany(rooms => rooms).Order());
    }

    [Fact]
    public void Rooms_refer_to_lower_storeys_only()
    {
        using var program = CompiledProgram.Open();
        var storeyOf = Storeys
            .SelectMany((rooms, storey) => rooms.Select(room => (room, storey)))
            .ToDictionary(pair => pair.room, pair => pair.storey);
        var upwards = program
            .References()
            .Where(reference =>
                reference.From.Room is not null && reference.To.Room is not null && reference.From.Room != reference.To.Room
            )
            .Where(reference => storeyOf[reference.To.Room!] <= storeyOf[reference.From.Room!])
            .Select(reference => $"{reference.From} -> {reference.To}")
            .Distinct();
        upwards.Order().ShouldBeEmpty();
    }

    [Fact]
    public void Half_the_files_are_below_60_lines_and_nine_of_ten_below_150()
    {
        var lengths = CodeFiles.Select(file => File.ReadLines(file).Count()).Order().ToList();
        lengths[lengths.Count / 2].ShouldBeLessThanOrEqualTo(60);
        lengths[lengths.Count * 9 / 10].ShouldBeLessThan(150);
    }

    [GeneratedRegex(@"\.(cs|razor)$")]
    private static partial Regex Written();

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex Generated();
}
