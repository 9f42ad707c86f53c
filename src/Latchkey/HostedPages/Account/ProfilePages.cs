using Latchkey.Api.Profile;
using Latchkey.Applications.Settings;
using Latchkey.Core;
using Latchkey.Messages.Templates;
using Latchkey.Users;
using static Latchkey.HostedPages.Account.AccountView;
using static Latchkey.HostedPages.PageRequest;

namespace Latchkey.HostedPages.Account;

/// <summary>What a user is called and what the application knows of them, as far as they may change it.</summary>
public static class ProfilePages
{
    private const string FieldPrefix = "field-";

    public static void MapProfilePage(this RouteGroupBuilder account)
    {
        var page = AccountRoute.Map(account, AccountPaths.Profile);
        page.MapGet("", Show);
        page.MapPost("", Change);
    }

    private static IResult Show(HttpContext context, AccountView view)
    {
        var request = AccountApi.RequestOf(context);
        return view.Show(
            request,
            request.Text.ProfileHeading,
            note =>
                $"""
                    {Ways(request)}
                    {NameForm(view, request, note)}
                    {LocaleForm(view, request)}
                    {FieldsForm(view, request, note)}
                    """
        );
    }

    private static async Task<IResult> Change(HttpContext context, AccountNotes notes, ProfileRules rules)
    {
        var request = AccountApi.RequestOf(context);
        var (action, result) = request.Form["action"] switch
        {
            "name" when request.Settings.UserNamesEnabled => (
                "setUserName",
                await rules.SetUserName(request.Caller, request.Form["user-name"] ?? "")
            ),
            "locale" => ("setLocale", await rules.SetLocale(request.Caller, request.Form["locale"] ?? "")),
            _ => ("setUserMetadata", await rules.SetMetadata(request.Caller, Document(request))),
        };
        return await notes.Answer(request, action, result, AccountPaths.Profile, "saved");
    }

    /// <summary>The address and the phone number, which are changed on pages of their own.</summary>
    private static string Ways(AccountRequest request)
    {
        var (text, user, settings) = (request.Text, request.User, request.Settings);
        var email = Row(request, text.Email, user.Handle, settings.AddressChangeEnabled ? AccountPaths.Email : null);
        var name = user.UserName is { } chosen ? Row(request, text.UserName, chosen, null) : "";
        var phone =
            settings.AllowsSms || user.Phone is not null
                ? Row(request, text.PhoneHeading, user.Phone ?? text.NotSet, settings.AllowsSms ? AccountPaths.Phone : null)
                : "";
        return Card(null, $"<ul class=\"list\">{email}{name}{phone}</ul>");
    }

    /// <param name="path">Where it is changed; null if it cannot be.</param>
    private static string Row(AccountRequest request, string label, string value, string? path)
    {
        var link = path is null
            ? ""
            : $"<a href=\"{E(request.Address(path))}\">{E(request.Text.Change)}<span class=\"unseen\"> {E(label)}</span></a>";
        return $"<li><div><strong>{E(label)}</strong><span class=\"quiet\"><bdi>{E(value)}</bdi></span></div>{link}</li>\n";
    }

    private static string NameForm(AccountView view, AccountRequest request, AccountNote note) =>
        request is { Settings.UserNamesEnabled: true, User.UserName: null }
            ? Card(
                null,
                view.Form(
                    request,
                    Field(
                        "user-name",
                        request.Text.UserName,
                        note.Fields.GetValueOrDefault("user-name", ""),
                        "type=\"text\" autocomplete=\"username\" autocapitalize=\"none\" spellcheck=\"false\" dir=\"ltr\""
                    )
                        + $"<p class=\"quiet\">{E(request.Text.UserNameOnce)}</p>"
                        + Button(request.Text.Save, "name")
                )
            )
            : "";

    private static string LocaleForm(AccountView view, AccountRequest request)
    {
        var locales = request.Settings.Locales;
        return locales.Count < 2
            ? ""
            : Card(
                null,
                view.Form(
                    request,
                    $"""
                <label for="locale">{E(request.Text.Language)}</label>
                <select id="locale" name="locale">
                {string.Concat(
                    locales.Select(code =>
                        $"<option value=\"{E(code)}\"{(code == request.User.Locale ? " selected" : "")}>{E(NameOf(code))}</option>"
                    )
                )}
                </select>
                {Button(request.Text.Save, "locale")}
                """
                )
            );
    }

    private static string FieldsForm(AccountView view, AccountRequest request, AccountNote note)
    {
        var stored = Metadata.Read(request.User.Metadata);
        var inputs = Editable(request.Settings)
            .Select(
                (field, index) =>
                    Field(
                        $"{FieldPrefix}{index}",
                        field.FieldName,
                        note.Fields.GetValueOrDefault($"{FieldPrefix}{index}", stored.GetValueOrDefault(field.Path, "")),
                        $"type=\"text\" maxlength=\"1000\" dir=\"auto\"{(field.Required ? " required" : "")}"
                    )
            )
            .ToList();
        return inputs.Count == 0 ? "" : Card(null, view.Form(request, string.Join('\n', inputs) + Button(request.Text.Save, "fields")));
    }

    /// <summary>What setUserMetadata takes: fields by their paths.</summary>
    private static string Document(AccountRequest request) =>
        MetadataForm.Document(
            Editable(request.Settings)
                .Select((field, index) => KeyValuePair.Create(field.Path, request.Form[$"{FieldPrefix}{index}"] ?? ""))
                .ToDictionary(StringComparer.Ordinal)
        );

    private static IEnumerable<MetadataField> Editable(ApplicationSettings settings) =>
        MetadataForm.Inputs(settings.MetaData).Where(field => field.CanEdit);

    private static string NameOf(string code) => Languages.All.FirstOrDefault(language => language.Code == code)?.NativeName ?? code;
}
