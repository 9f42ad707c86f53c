using System.Text.RegularExpressions;

namespace Latchkey.Tests;

/// <summary>
/// Every command that a document tells people to type is run by a test, or stands here with the reason why not; and the program accepts
/// every one of its own.
/// </summary>
public sealed partial class DocumentCommandTests
{
    private const string Published = "needs a published release; ReleaseFileTests run its file";
    private const string Checkout = "changes the checkout that the tests run in";
    private const string Test = "runs the tests";
    private const string Guide = "OperationsGuideTests run it in a folder of their own, without sudo";
    private const string Machine = "changes the machine's users, services or kernel";
    private const string Container = "needs a container engine";
    private const string Dns = "needs records in DNS; DomainRequestTests and PortalHostTests have them";
    private const string Brand = "BrandingTests run it, with a picture that they make";
    private const string QuickStart = "BrowserTests.QuickStartTests run it with libraries that are there";
    private const string Torture = "TortureCommandTests run it against servers of their own";

    /// <summary>What runs the blocks named sh of each document.</summary>
    private static readonly string[] RunBlocks =
    [
        "README.md",
        "docs/billing.md",
        "docs/import.md",
        "docs/oidc.md",
        "docs/operations.md",
        "docs/providers.md",
        "docs/storage.md",
    ];

    private static readonly Dictionary<string, string> NotRun = new(StringComparer.Ordinal)
    {
        ["git clone <repository URL> latchkey && cd latchkey"] = Published,
        ["dotnet tool restore"] = Checkout,
        ["./latchkey dev"] = Checkout,
        ["dotnet csharpier format ."] = Checkout,
        ["LATCHKEY_PUBLIC_URL=https://auth.example.com LATCHKEY_PORTAL_URL=https://portal.example.com latchkey serve"] = Dns,
        ["latchkey app domain requests"] = Dns,
        ["latchkey app domain approve APPID auth.shop.example"] = Dns,
        ["latchkey app domain refuse APPID auth.shop.example --reason \"Ask for a name below shop.example, please.\""] = Dns,
        [
            "latchkey app branding set $APP --name \"Harbour Walks\" --color \"#0b57d0\" --radius 8 --logo logo.png --terms-url https://example.com/terms"
        ] = Brand,
        ["latchkey app branding publish $APP"] = Brand,
        ["latchkey app branding show $APP"] = Brand,
        ["latchkey app branding rollback $APP 1"] = Brand,
        ["mkdir my-app && cd my-app && npm init -y"] = QuickStart,
        ["npm install react react-dom react-oidc-context oidc-client-ts vite"] = QuickStart,
        ["npx vite --port 5173 --strictPort"] = QuickStart,
        ["git tag v0.2.0"] = Checkout,
        ["scripts/release"] = Checkout,
        ["./test --fast NAME"] = Test,
        ["./test -class Latchkey.Tests.Api.Signup.SignupLinkFlowTests"] = Test,
        ["./test --long"] = Test,
        ["./test --fast"] = Test,
        [
            "LATCHKEY_SMTP_HOST=smtp.example.com LATCHKEY_SMTP_FROM=no-reply@example.com LATCHKEY_SMTP_USER=… LATCHKEY_SMTP_PASSWORD=… ./latchkey serve"
        ] = "needs a mail server elsewhere",
        ["curl -sSL <release URL>/latchkey-0.1.0-linux-x64.tar.gz | tar xz latchkey && ./latchkey serve"] = Published,
        ["keytool -exportcert -alias ALIAS -keystore KEYSTORE | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '='"] =
            "needs the signing key of an Android app",
        ["docker run -p 5400:5400 -v latchkey:/data -e LATCHKEY_PUBLIC_URL=http://localhost:5400 <registry>/latchkey"] = Container,
        ["dotnet tool install --global Latchkey && latchkey serve"] = Published,
        ["git clone <repository URL> latchkey && cd latchkey && ./latchkey serve"] = Published,
        ["apt-get install curl jq openssl python3-jwt python3-cryptography"] = "scripts/install-test-tools installs them",
        ["scripts/build"] = Guide,
        ["sudo rm -rf /opt/latchkey && sudo cp -r .build/latchkey /opt/latchkey"] = Guide,
        ["sudo install -m 755 deploy/latchkey.sh /usr/local/bin/latchkey"] = Guide,
        ["sudo useradd --system --home-dir /var/lib/latchkey --shell /usr/sbin/nologin latchkey"] = Machine,
        ["sudo install -m 600 /dev/null /etc/latchkey.env"] = Machine,
        ["sudoedit /etc/latchkey.env"] = Machine,
        ["sudo cp deploy/latchkey.service /etc/systemd/system/"] = Machine,
        ["sudo systemctl enable --now latchkey"] = Machine,
        ["sudo install -d -o latchkey -m 700 /var/backups/latchkey"] = Machine,
        ["sudo latchkey backup /var/backups/latchkey/$(date +%F).zip"] = Machine,
        ["sudo install -D latchkey /opt/latchkey/latchkey"] = Machine,
        ["sudo systemctl restart latchkey"] = Machine,
        ["tests/torture http://127.0.0.1:5400 --app-token TOKEN --handle ann@example.com --password PASSWORD"] = Torture,
        ["tests/torture --token-endpoint https://auth.example.com/token --client-id app --sign-in ./print-a-refresh-token"] = Torture,
        ["sudo latchkey doctor"] = Machine,
        ["docker exec CONTAINER /app/latchkey doctor"] = Container,
        ["docker build -f deploy/Containerfile --build-arg VERSION=0.1.0 -t latchkey ."] = Container,
        ["docker run -p 5400:5400 -v latchkey:/data -e LATCHKEY_PUBLIC_URL=https://auth.example.com latchkey"] = Container,
    };

    public static TheoryData<string> Documents => [.. MarkdownDocument.All.Select(document => document.Name)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void The_program_accepts_its_commands(string name)
    {
        var document = MarkdownDocument.Read(name);
        Shell(document).SelectMany(LatchkeyCommandLine.InShell).SelectMany(LatchkeyCommandLine.Errors).ShouldBeEmpty();
        document.InlineCode.SelectMany(LatchkeyCommandLine.InInlineCode).SelectMany(LatchkeyCommandLine.ErrorsOfMention).ShouldBeEmpty();
    }

    [Fact]
    public void The_program_accepts_the_commands_of_its_pages_messages_and_deployment_files()
    {
        var files = new[] { "src/Latchkey", "deploy" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(RepositoryPaths.Root, folder), "*", SearchOption.AllDirectories))
            .Where(file => TextFile().IsMatch(Path.GetRelativePath(RepositoryPaths.Root, file)));
        var mentions = files.SelectMany(file => LatchkeyCommandLine.InProse(File.ReadAllText(file))).ToList();
        mentions.Count.ShouldBeGreaterThan(30);
        mentions.SelectMany(LatchkeyCommandLine.ErrorsOfProse).ShouldBeEmpty();
    }

    [Fact]
    public void The_blocks_that_a_test_runs_are_those_named_sh()
    {
        MarkdownDocument.All.Where(document => document.Languages.Contains("sh")).Select(document => document.Name).ShouldBe(RunBlocks);
        foreach (var document in MarkdownDocument.All)
        {
            document.Languages.ShouldNotContain("", $"{document.Name}: name what the block holds");
            document.Languages.ShouldNotContain("bash", $"{document.Name}: sh for what a test runs, console for the rest");
            document.IndentedBlocks.ShouldBeEmpty($"{document.Name}: put a fence around it");
        }
    }

    [Fact]
    public void Every_other_command_stands_in_the_list_of_those_that_no_test_can_run() =>
        MarkdownDocument
            .All.SelectMany(document =>
                document
                    .Blocks("console")
                    .SelectMany(block => block.Replace("\\\n", "", StringComparison.Ordinal).Split('\n'))
                    .Concat(document.InlineCode.Where(code => OtherCommand().IsMatch(code)))
            )
            .Concat(
                Directory
                    .EnumerateFiles(Path.Combine(RepositoryPaths.Root, "deploy"))
                    .SelectMany(File.ReadLines)
                    .Select(line => DeployCommand().Match(line).Groups["command"].Value)
            )
            .Where(line => line.Length > 0)
            .Distinct(StringComparer.Ordinal)
            .ShouldBe(NotRun.Keys, ignoreOrder: true);

    [Fact]
    public void Every_script_file_and_test_class_that_they_name_exists()
    {
        foreach (var command in NotRun.Keys)
        {
            foreach (Match file in RepositoryFile().Matches(command))
            {
                File.Exists(Path.Combine(RepositoryPaths.Root, file.Value)).ShouldBeTrue(command);
            }

            if (TestClass().Match(command) is { Success: true } test)
            {
                typeof(DocumentCommandTests).Assembly.GetType(test.Groups["name"].Value).ShouldNotBeNull(command);
            }
        }
    }

    private static IEnumerable<string> Shell(MarkdownDocument document) => document.Blocks("sh").Concat(document.Blocks("console"));

    /// <summary>A command with arguments of another program than ours.</summary>
    [GeneratedRegex(@"^((sudo|docker|podman|curl|git|apt-get|npm|systemctl|journalctl|psql) |dotnet (?!tool$)|scripts/[a-z-]+ |\./test )")]
    private static partial Regex OtherCommand();

    /// <summary>A command in a comment.</summary>
    [GeneratedRegex("^#.*: (?<command>(docker|sudo|systemctl) .*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex DeployCommand();

    [GeneratedRegex(@"(?<![\w./])(deploy|scripts)/[\w./-]+")]
    private static partial Regex RepositoryFile();

    [GeneratedRegex("-class (?<name>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TestClass();

    [GeneratedRegex(@"^(src/Latchkey/(?!bin/|obj/).*\.(cs|razor)|deploy/.*\.(yaml|sh|service))$")]
    private static partial Regex TextFile();
}
