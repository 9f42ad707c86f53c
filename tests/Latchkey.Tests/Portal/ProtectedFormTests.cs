using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using Latchkey.Portal;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Tests.Portal;

/// <summary>Every form of the portal is known to need a fresh proof or not, and those that do are refused without one.</summary>
public sealed partial class ProtectedFormTests(ServerFixture servers)
{
    private static readonly IReadOnlyDictionary<string, string> Sources = Directory
        .EnumerateFiles(Path.Combine(RepositoryPaths.Root, "src", "Latchkey", "Portal"), "*.razor", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "_Imports.razor")
        .ToDictionary(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText, StringComparer.Ordinal);

    private static readonly IReadOnlyList<Type> Pages =
    [
        .. typeof(PortalPage).Assembly.GetTypes().Where(type => type.GetCustomAttributes<RouteAttribute>().Any()),
    ];

    /// <summary>Forms of a page: those in its own source, and in the components that it shows.</summary>
    private static IEnumerable<(Type Page, string Form)> Forms =>
        Pages.SelectMany(page => FormsOf(page.Name, []).Distinct(StringComparer.Ordinal).Select(form => (page, form)));

    [Fact]
    public void Every_form_is_in_one_of_the_lists_and_in_one_only()
    {
        Forms.Count().ShouldBeGreaterThan(80);
        foreach (var (page, form) in Forms)
        {
            (
                ProtectedForms.IsIn(ProtectedForms.Protected, page, form),
                ProtectedForms.IsIn(ProtectedForms.Harmless, page, form)
            ).ShouldBeOneOf([(true, false), (false, true)], $"{page.Name} {form}: put it into a list of ProtectedForms, and one only");
        }
    }

    [Fact]
    public void Every_name_in_the_lists_is_a_form()
    {
        var forms = Forms.ToList();
        foreach (var list in new[] { ProtectedForms.Protected, ProtectedForms.Harmless })
        {
            foreach (var (page, names) in list)
            {
                names
                    .Where(name =>
                        !forms.Any(one =>
                            one.Page == page && ProtectedForms.IsIn(new Dictionary<Type, string[]> { [page] = [name] }, page, one.Form)
                        )
                    )
                    .ShouldBeEmpty(page.Name);
            }
        }
    }

    [Fact]
    public void Every_address_without_a_page_that_takes_posts_is_known() =>
        MappedRoutes
            .All.Where(route => route.IsPortal && route.Method == "POST")
            .Select(route => route.Pattern)
            .Except(
                Pages
                    .SelectMany(page => page.GetCustomAttributes<RouteAttribute>())
                    .Select(route => Parameters().Replace(route.Template, "{${name}}"))
            )
            .ShouldBe(ProtectedForms.HarmlessRoutes, ignoreOrder: true);

    [Fact]
    public async Task Without_a_fresh_proof_each_protected_form_is_refused_however_it_is_forged()
    {
        var server = await servers.Unlimited();
        var account = await PortalAccount.Create(server, "operator", isOperator: true);
        var client = await account.SignIn();
        var token = await client.Fields("/portal/account", "name");
        await account.LetProofExpire();
        var refused = 0;
        foreach (var (page, form) in Forms.Where(one => ProtectedForms.IsIn(ProtectedForms.Protected, one.Page, one.Form)))
        {
            var path = PathOf(page);
            foreach (var name in new[] { form, "no-such-form" })
            {
                var answer = await client.Send(path, token, ("_handler", name), ("confirm", "forged"), ("reason", "forged"));
                (answer.Status, answer.Header("Location")).ShouldBe(
                    ProtectedForms.KeepsTyped(page, name)
                        ? (HttpStatusCode.NotFound, null) // as when the page is opened: there is no such application
                        : (HttpStatusCode.SeeOther, $"/portal/confirm?returnUrl={Uri.EscapeDataString(path)}&form=1"),
                    $"{page.Name} {name}"
                );
                refused++;
            }
        }

        refused.ShouldBeGreaterThan(50);
        TestScale.RecordFigure(81, $"protected forms forged {refused} times with a good token and an older proof: 0 taken");
    }

    [Theory]
    [InlineData("_handler=invite&_handler=mode")]
    [InlineData("_handler=mode&_handler=invite")]
    [InlineData("_handler=invite&_HANDLER=mode")]
    [InlineData("_handler=Invite")]
    [InlineData("_handler=")]
    [InlineData("x=y")]
    public async Task The_name_of_a_harmless_form_beside_it_helps_nobody(string names)
    {
        var account = await PortalAccount.Create(servers.Main, "operator", isOperator: true);
        var client = await account.SignIn();
        var token = (await client.Fields("/portal/account", "name"))["__RequestVerificationToken"];
        await account.LetProofExpire();
        using var body = new StringContent(
            $"__RequestVerificationToken={Uri.EscapeDataString(token)}&mode=open&email=forged%40example.com&{names}",
            System.Text.Encoding.ASCII,
            "application/x-www-form-urlencoded"
        );
        (await client.SendRaw("/portal/operator/joining", body)).Header("Location")!.ShouldStartWith("/portal/confirm");
    }

    [Fact]
    public async Task With_a_fresh_proof_the_same_forms_reach_their_page()
    {
        var server = await servers.Unlimited();
        var client = await (await PortalAccount.Create(server, "operator", isOperator: true)).SignIn();
        var token = await client.Fields("/portal/account", "name");
        foreach (var page in ProtectedForms.Protected.Keys)
        {
            var answer = await client.Send(PathOf(page), token, ("_handler", "no-such-form"));
            (answer.Header("Location") ?? "").ShouldNotContain("/portal/confirm", Case.Sensitive, page.Name);
        }
    }

    private static string PathOf(Type page) =>
        Parameters().Replace(page.GetCustomAttributes<RouteAttribute>().First().Template, "0123456789abcdef0123456789abcdef");

    private static IEnumerable<string> FormsOf(string component, HashSet<string> seen) =>
        !seen.Add(component) || !Sources.TryGetValue(component, out var source)
            ? []
            :
            [
                .. FormNames().Matches(source).Select(match => Interpolations().Replace(match.Groups["name"].Value, "dynamic")),
                .. Components().Matches(source).SelectMany(match => FormsOf(match.Groups["name"].Value, seen)),
            ];

    /// <summary>The name of a form: a text, or an expression.</summary>
    [GeneratedRegex("""<PostForm\s[^>]*?Name="(@\(\$"(?<name>[^"]+)"\)|(?<name>[^"]+))" """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FormNames();

    /// <summary>What is known at run time only.</summary>
    [GeneratedRegex(@"\{[^}]+\}|^@.+$", RegexOptions.None, 1000)]
    private static partial Regex Interpolations();

    [GeneratedRegex("<(?<name>[A-Z][A-Za-z]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Components();

    [GeneratedRegex(@"\{(?<name>[A-Za-z]+)[^}]*\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Parameters();
}
