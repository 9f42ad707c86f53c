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
    private const int MaxColumns = 140;
    private const int MaxProgramLines = 70;
    private const int MaxConstructorParameters = 10;

    private static readonly string[][] Storeys =
    [
        ["Hosting"],
        ["Cli", "HostedPages", "Portal"],
        ["Operations"],
        ["Accounts", "Provider", "Storage"],
        ["Api"],
        ["Users"],
        ["Billing"],
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

    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        var lines = Files.SelectMany(file =>
            File.ReadLines(file).Select((line, index) => (Text: line, At: $"{Path.GetRelativePath(Source, file)}:{index + 1}"))
        );
        lines.Where(line => line.Text.Length > MaxColumns).Select(line => line.At).ShouldBeEmpty();
    }

    [Fact]
    public void Program_reads_like_a_table_of_contents() =>
        File.ReadLines(Path.Combine(Source, "Program.cs")).Count().ShouldBeLessThanOrEqualTo(MaxProgramLines);

    [Fact]
    public void A_public_type_stands_in_a_file_of_its_name()
    {
        using var program = CompiledProgram.Open();
        var names = Files.Select(file => Path.GetFileName(file).Split('.')[0]).ToHashSet(StringComparer.Ordinal);
        program
            .Types.Where(type => type.IsPublic && !CompiledProgram.IsGenerated(type))
            .Select(type => type.Name.Split('`')[0])
            .Where(name => !names.Contains(name))
            .ShouldBeEmpty();
    }

    [Fact]
    public void Constructors_have_ten_parameters_at_most()
    {
        using var program = CompiledProgram.Open();
        program
            .Types.Where(type => !CompiledProgram.IsGenerated(type) && !CompiledProgram.IsRecord(type))
            .SelectMany(type => type.Methods.Where(method => method.IsConstructor && method.Parameters.Count > MaxConstructorParameters))
            .Select(constructor => $"{constructor.DeclaringType.FullName} has {constructor.Parameters.Count}")
            .ShouldBeEmpty();
    }

    /// <summary>A public URL can have a path, and then it is part of every address.</summary>
    [Fact]
    public void No_link_or_redirect_leaves_the_path_base_out()
    {
        // Quick starts are other apps, with addresses of their own
        var ours = Files.Where(file => !file.Contains("/QuickStarts/", StringComparison.Ordinal));
        var lines = ours.SelectMany(file =>
            File.ReadLines(file)
                .Where(line => !line.StartsWith("@page ", StringComparison.Ordinal))
                .Where(line => file.EndsWith(".razor", StringComparison.Ordinal) ? RootAddress().IsMatch(line) : RootLink().IsMatch(line))
                .Select(line => $"{Path.GetRelativePath(Source, file)}: {line.Trim()}")
        );
        lines.ShouldBeEmpty("write @PathBase in Razor, ~ in a PlainPage, and PathBase in redirects");
    }

    /// <summary>In Razor: a text that begins with a path of this server, but for the menu's comparisons; or a redirect to one.</summary>
    [GeneratedRegex(
        @"(?<!AriaCurrent\(\$?)[""'](/(portal|docs|apps|api|openapi|health|css|js|img|@)|\{(Portal\w+|Http\.Request)\.\w*Path\})"
            + @"|RedirectTo\((Portal|ReturnUrl)",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex RootAddress();

    /// <summary>In code: an attribute of HTML, or a redirect.</summary>
    [GeneratedRegex(
        @"\b(href|src|action|formaction)=\\?[""'](/|\{Portal)|Redirect(To)?\(\$?""(/|\{Portal)|Location = \$?""(/|\{Portal)",
        RegexOptions.ExplicitCapture
    )]
    private static partial Regex RootLink();

    [GeneratedRegex(@"\.(cs|razor)$")]
    private static partial Regex Written();

    [GeneratedRegex("/(bin|obj)/")]
    private static partial Regex Generated();
}
