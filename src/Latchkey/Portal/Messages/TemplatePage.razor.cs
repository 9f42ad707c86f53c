using System.Globalization;
using Latchkey.Api.TwoFactor;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Messages.Outbox;
using Latchkey.Messages.Providers;
using Latchkey.Messages.Templates;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Portal.Messages;

/// <summary>One template: edited, checked, tried out, saved, given up.</summary>
public sealed partial class TemplatePage
{
    private Application? application;
    private TemplateRow? saved;
    private TemplateRow draft = new(),
        builtIn = new();
    private IReadOnlyList<TemplateVersion> versions = [];
    private MessageBody? body;
    private IReadOnlyDictionary<string, string> errors = new Dictionary<string, string>(StringComparer.Ordinal);
    private TestMessageOutcome? tested;
    private string recipient = "",
        start = "";
    private string? problem;
    private bool isDraft,
        isTest,
        hasConflict;

    [Parameter]
    public string Locale { get; set; } = "";

    [Parameter]
    public string Kind { get; set; } = "";

    [Inject]
    public required ApplicationCache Directory { get; set; }

    [Inject]
    public required TemplateRules Templates { get; set; }

    [Inject]
    public required TemplateSamples Samples { get; set; }

    [Inject]
    public required TestMessageSender Tests { get; set; }

    private TemplateDescription Words => TemplateDescription.ForKind(Kind);

    /// <summary>The application, for what only runs when the page has found it.</summary>
    private Application LoadedApplication => application ?? throw new InvalidOperationException("the page has no application");

    private string Address => $"{BasePath}/templates/{Locale}/{Kind}";

    private bool IsOwn => saved is { UpdatedAt: > 0 };

    protected override async Task OnApplicationLoadedAsync(ApplicationRow app)
    {
        if (
            !TemplatePreviewRenderer.Exists(ApplicationRules.SettingsOf(app), Locale, Kind) || await Directory.Find(app.Id) is not { } found
        )
        {
            Navigation.NotFound();
            return;
        }

        (application, start) = (found, MessageTemplates.BaseLocaleOf(Locale));
        builtIn = TemplateDraft.BuiltIn(AppId, Locale, Kind);
        saved = draft = await Stored();
        versions = await Templates.Versions(AppId, Locale, Kind);
        recipient = MessageKind.IsSms(Kind) ? "" : CurrentDeveloper.Email;
        body = Samples.Compose(LoadedApplication, draft, CurrentDeveloper.Email);
    }

    private async Task Submit()
    {
        isDraft = true;
        draft = TemplateDraft.Read(Form, saved ?? await Stored());
        recipient = Form["to"].Trim();
        errors = TemplateValidator.Validate(draft);
        if (!TemplateValidator.IsTooLong(draft))
        {
            body = Samples.Compose(LoadedApplication, draft, CurrentDeveloper.Email);
        }

        await (
            Form["do"] switch
            {
                "save" => Save(),
                "test" => SendTest(),
                _ => Task.CompletedTask,
            }
        );
    }

    private async Task Save()
    {
        if (errors.Count == 0)
        {
            await HandleResult(await Templates.Save(LoadedApplication, draft, Actor, BasedOn()), "saved");
        }
    }

    private async Task Reset() => await HandleResult(await Templates.Reset(AppId, Locale, Kind, Actor, BasedOn()), "reset");

    private async Task HandleResult(Result<Done> outcome, string what)
    {
        if (outcome.Succeeded)
        {
            RedirectTo($"{Address}?{what}=1");
            return;
        }

        hasConflict = outcome.Error == TemplateRules.EditConflict;
        problem = hasConflict ? null : outcome.Error.Message;
        saved = await Stored();
        draft = isDraft ? draft : saved;
    }

    private async Task SendTest()
    {
        isTest = true;
        var (to, refusal) = ParseRecipient();
        if (refusal is not null)
        {
            errors = new Dictionary<string, string>(errors, StringComparer.Ordinal) { ["to"] = refusal.Message };
        }

        if (to is not null && body is not null && errors.Count == 0)
        {
            var result = await Tests.Send(
                LoadedApplication,
                Handle.Normalise(CurrentDeveloper.Email),
                to,
                Kind,
                body,
                ClientAddress.From(Http.Connection.RemoteIpAddress).Address
            );
            tested = TestMessageOutcome.From(result, recipient, MessageKind.IsSms(Kind));
        }
    }

    /// <summary>The checked address or number that was typed, or what is wrong with it.</summary>
    private Result<string> ParseRecipient()
    {
        if (MessageKind.IsSms(Kind))
        {
            var (number, refusal) = PhoneNumber.ParseTyped(recipient);
            return refusal is null ? number.Text : refusal;
        }

        return Handle.ParseEmail(recipient) is { Succeeded: true } handle
            ? handle.Value.Text
            : ErrorCodes.InvalidData with
            {
                Message = "Enter one address, such as you@example.com.",
            };
    }

    private Task<TemplateRow> Stored() => TemplateDraft.InUse(Templates, AppId, Locale, Kind);

    /// <summary>A form without it matches nothing.</summary>
    private long BasedOn() => long.TryParse(Form["basedOn"], NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1;
}
