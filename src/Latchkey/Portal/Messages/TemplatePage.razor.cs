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
    private Application application = null!;
    private TemplateRow? saved;
    private TemplateRow draft = new();
    private MessageBody body = null!;
    private TemplateWords words = null!;
    private IReadOnlyDictionary<string, string> refusals = new Dictionary<string, string>(StringComparer.Ordinal);
    private Result<TestSent>? tested;
    private string recipient = "", start = "";
    private string? problem;
    private bool isDraft, isTest, hasConflict;

    [Parameter]
    public string Locale { get; set; } = "";

    [Parameter]
    public string Kind { get; set; } = "";

    [Inject]
    public required ApplicationDirectory Directory { get; set; }

    [Inject]
    public required TemplateRules Templates { get; set; }

    [Inject]
    public required TemplateSamples Samples { get; set; }

    [Inject]
    public required TestSend Tests { get; set; }

    private string Address => $"{Here}/templates/{Locale}/{Kind}";

    private bool IsOwn => saved is { UpdatedAt: > 0 };

    protected override async Task OnFoundAsync(ApplicationRow app)
    {
        if (!TemplateFrame.IsThere(ApplicationRules.SettingsOf(app), Locale, Kind) || await Directory.Find(app.Id) is not { } found)
        {
            Navigation.NotFound();
            return;
        }

        (application, words, start) = (found, TemplateWords.Of(Kind), MessageTemplates.StartOf(Locale));
        saved = draft = await Stored();
        recipient = Kind == MessageKind.Sms ? "" : Visitor.Email;
        body = Samples.Of(application, draft, Visitor.Email);
    }

    private async Task Submit()
    {
        isDraft = true;
        draft = TemplateDraft.Read(Form, saved!);
        recipient = Form["to"].Trim();
        refusals = TemplateChecks.Refusals(draft);
        if (!TemplateChecks.IsTooLong(draft))
        {
            body = Samples.Of(application, draft, Visitor.Email);
        }

        await (Form["do"] switch
        {
            "save" => Save(),
            "test" => SendTest(),
            _ => Task.CompletedTask,
        });
    }

    private async Task Save()
    {
        if (refusals.Count == 0)
        {
            await Done(await Templates.Save(application, draft, Actor, BasedOn()), "saved");
        }
    }

    private async Task Reset() => await Done(await Templates.Reset(AppId, Locale, Kind, Actor, BasedOn()), "reset");

    private async Task Done(Result<Done> outcome, string what)
    {
        if (outcome.Succeeded)
        {
            Go($"{Address}?{what}=1");
            return;
        }

        hasConflict = outcome.Error == TemplateRules.ChangedMeanwhile;
        problem = hasConflict ? null : outcome.Error.Message;
        saved = await Stored();
        draft = isDraft ? draft : saved;
    }

    private async Task SendTest()
    {
        isTest = true;
        var to = Kind == MessageKind.Sms
            ? PhoneNumber.Parse(recipient) is { Succeeded: true } number ? number.Value.Text : null
            : Handle.Email(recipient) is { Succeeded: true } handle ? handle.Value.Text : null;
        if (to is null)
        {
            refusals = new Dictionary<string, string>(refusals, StringComparer.Ordinal) { ["to"] = Kind == MessageKind.Sms ? "Give a number with its country, such as +14155550100." : "Give one address such as you@example.com." };
        }

        if (refusals.Count == 0)
        {
            tested = await Tests.Send(application, Handle.Normalise(Visitor.Email), to!, Kind, body, ClientAddress.Of(Http.Connection.RemoteIpAddress).Address);
        }
    }

    private async Task<TemplateRow> Stored() => await Templates.Find(AppId, Locale, Kind) ?? TemplateDraft.BuiltIn(AppId, Locale, Kind);

    /// <summary>A form without it matches nothing.</summary>
    private long BasedOn() => long.TryParse(Form["basedOn"], NumberStyles.None, CultureInfo.InvariantCulture, out var at) ? at : -1;
}
