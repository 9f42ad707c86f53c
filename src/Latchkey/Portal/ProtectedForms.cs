using Latchkey.Portal.Account;
using Latchkey.Portal.Applications;
using Latchkey.Portal.Billing;
using Latchkey.Portal.Branding;
using Latchkey.Portal.Clients;
using Latchkey.Portal.Developers;
using Latchkey.Portal.Domains;
using Latchkey.Portal.IdentityProviders;
using Latchkey.Portal.Installation;
using Latchkey.Portal.Jobs;
using Latchkey.Portal.Keys;
using Latchkey.Portal.Logs;
using Latchkey.Portal.Members;
using Latchkey.Portal.Messages;
using Latchkey.Portal.Operator;
using Latchkey.Portal.Overview;
using Latchkey.Portal.Realm;
using Latchkey.Portal.Settings;
using Latchkey.Portal.Storage;
using Latchkey.Portal.Users;

namespace Latchkey.Portal;

/// <summary>
/// Which forms need a proof of the last 15 minutes that it is the account's owner who sends them (<see cref="StepUpMiddleware"/>). Every
/// form is here under its page, and a test finds those that are not; until then such a form needs the proof. A name that ends with * stands
/// for all names that begin so.
/// </summary>
public static class ProtectedForms
{
    private const string AllForms = "*";

    /// <summary>
    /// What gives power over an account, an application, its users or the installation, or deletes an application or all its users.
    /// </summary>
    public static IReadOnlyDictionary<Type, string[]> Protected { get; } =
        new Dictionary<Type, string[]>
        {
            [typeof(AuthenticatorPage)] = [AllForms],
            [typeof(PasskeysPage)] = [AllForms],
            [typeof(PasskeyPage)] = [AllForms],
            [typeof(RecoveryCodesPage)] = [AllForms],
            [typeof(ChangeEmailPage)] = [AllForms],
            [typeof(ChangePasswordPage)] = [AllForms],
            [typeof(ConfirmEmailPage)] = [AllForms],
            [typeof(DeleteApplicationPage)] = [AllForms],
            [typeof(EraseUsersPage)] = [AllForms],
            [typeof(DeveloperPage)] = [AllForms],
            [typeof(InviteDevelopersPage)] = ["mode", "second-factor"],
            [typeof(MembersPage)] = ["invite"],
            [typeof(MemberPage)] = [AllForms],
            [typeof(AppSecretsPage)] = [AllForms],
            [typeof(EndAppSecretPage)] = [AllForms],
            [typeof(AppTokensPage)] = [AllForms],
            [typeof(EndAppTokenPage)] = [AllForms],
            [typeof(NewClientPage)] = [AllForms],
            [typeof(ClientPage)] = [AllForms],
            [typeof(EndClientSecretPage)] = [AllForms],
            [typeof(NewIdentityProviderPage)] = [AllForms],
            [typeof(IdentityProviderPage)] = [AllForms],
            [typeof(SignInSettingsPage)] = ["settings"],
            [typeof(IdentityProvidersPage)] = ["settings"],
            [typeof(SecondFactorsSettingsPage)] = ["settings"],
            [typeof(MetadataSettingsPage)] = ["settings"],
            [typeof(MetadataFieldPage)] = [AllForms],
            [typeof(TokensSettingsPage)] = ["settings"],
            [typeof(MessagesSettingsPage)] = ["settings"],
            [typeof(SigningKeysPage)] = [AllForms],
            [typeof(SigningKeyPage)] = [AllForms],
            [typeof(OperatorChangeStatusPage)] = [AllForms],
            [typeof(ReviewPetitionPage)] = [AllForms],
            [typeof(ReviewDomainPage)] = [AllForms],
            [typeof(DeleteIdentityProviderPage)] = ["delete"],
            [typeof(OperatorInvoicePage)] = [AllForms],
            [typeof(ProvidersPage)] = ["set-*", "remove-*"],
            [typeof(ResetUserPasswordPage)] = ["set"],
            [typeof(UserBatchPage)] = ["delete"],
            [typeof(UserPage)] = ["second-factor", "remove-passkey", "unlink"],
        };

    /// <summary>The daily work, and the forms of those who are not signed in.</summary>
    public static IReadOnlyDictionary<Type, string[]> Harmless { get; } =
        new Dictionary<Type, string[]>
        {
            [typeof(AccountPage)] = ["name", "sessions"],
            [typeof(StepUpPage)] = ["confirm", "passkey"],
            [typeof(AcceptInvitationPage)] = ["accept", "account"],
            [typeof(CompleteSignUpPage)] = ["account"],
            [typeof(ForgotPasswordPage)] = ["forgot"],
            [typeof(ResetPasswordPage)] = ["reset"],
            [typeof(SecondFactorPage)] = ["code", "passkey"],
            [typeof(SetupPage)] = ["setup"],
            [typeof(SignInPage)] = ["sign-in", "passkey"],
            [typeof(SignUpPage)] = ["sign-up"],
            [typeof(NewApplicationPage)] = ["create"],
            [typeof(OverviewPage)] = ["hide-first-steps", "show-first-steps"],
            [typeof(GeneralSettingsPage)] = ["name"],
            [typeof(SignUpSettingsPage)] = ["settings"],
            [typeof(PasswordsSettingsPage)] = ["settings"],
            [typeof(LimitsSettingsPage)] = ["settings"],
            [typeof(CompatibilitySettingsPage)] = ["settings"],
            [typeof(MetadataSettingsPage)] = ["move-*"],
            [typeof(MessagesSettingsPage)] = ["test-*"],
            [typeof(ChangeStatusPage)] = ["status"],
            [typeof(SwitchJwtPage)] = ["jwt"],
            [typeof(SubmitPetitionPage)] = ["petition"],
            [typeof(UpgradeApplicationPage)] = ["upgrade"],
            [typeof(InviteDevelopersPage)] = ["invite", "revoke"],
            [typeof(MembersPage)] = ["revoke"],
            [typeof(LeaveApplicationPage)] = ["leave"],
            [typeof(LimitsPage)] = [AllForms],
            [typeof(ProvidersPage)] = ["test-*"],
            [typeof(DeleteClientPage)] = ["delete"],
            [typeof(DomainsPage)] = ["ask"],
            [typeof(DomainPage)] = ["check", "withdraw"],
            [typeof(ResourcesPage)] = [AllForms],
            [typeof(ResourcePage)] = [AllForms],
            [typeof(RealmPage)] = [AllForms],
            [typeof(UndoRealmConfigurationPage)] = ["undo"],
            [typeof(RealmUsersPage)] = ["show"],
            [typeof(StoragePage)] = ["save", "test"],
            [typeof(BrandingPage)] = [AllForms],
            [typeof(TemplatePage)] = ["template", "reset"],
            [typeof(TemplateVersionPage)] = ["restore"],
            [typeof(LocalesPage)] = ["add"],
            [typeof(RemoveLocalePage)] = ["remove"],
            [typeof(ExportLogPage)] = ["export"],
            [typeof(UserPage)] = ["metadata*", "activate", "suspend", "unlock", "sign-out", "take-back", "forget-devices", "remove-file-*"],
            [typeof(UserBatchPage)] = ["change"],
            [typeof(JobPage)] = ["cancel"],
            [typeof(NewUserPage)] = ["user"],
            [typeof(SavedSearchesPage)] = ["add", "change"],
            [typeof(DeleteUserPage)] = ["delete"],
            [typeof(ResetUserPasswordPage)] = ["code"],
            [typeof(NewInvitationPage)] = ["invitation"],
            [typeof(InvitationDetailsPage)] = ["resend", "delete"],
            [typeof(SignupDetailsPage)] = ["delete"],
            [typeof(BillingAccountPage)] = ["budget"],
            [typeof(CardPage)] = ["finish", "save", "remove"],
            [typeof(InvoicePage)] = ["check", "pay"],
        };

    /// <summary>What is posted to addresses without a page.</summary>
    public static IReadOnlyList<string> HarmlessRoutes { get; } =
    [
        SignOut.Path,
        $"{PortalServices.Path}/applications/{{appId}}/templates/{{locale}}/{{kind}}/preview",
        $"{PortalServices.Path}/applications/{{appId}}/branding/preview",
    ];

    /// <summary>
    /// Pages that are there for a protected form alone, so that nothing typed is lost, or that show what gives power: the proof is asked
    /// for before they are shown.
    /// </summary>
    private static readonly HashSet<Type> AsksFirst =
    [
        typeof(AuthenticatorPage),
        typeof(PasskeysPage),
        typeof(PasskeyPage),
        typeof(RecoveryCodesPage),
        typeof(ChangeEmailPage),
        typeof(ChangePasswordPage),
        typeof(ConfirmEmailPage),
        typeof(DeleteApplicationPage),
        typeof(EraseUsersPage),
        typeof(MemberPage),
        typeof(EndAppSecretPage),
        typeof(EndAppTokenPage),
        typeof(MetadataFieldPage),
        typeof(NewClientPage),
        typeof(EndClientSecretPage),
        typeof(NewIdentityProviderPage),
        typeof(OperatorChangeStatusPage),
        typeof(ReviewPetitionPage),
        typeof(ReviewDomainPage),
        typeof(MailboxPage), // an operator's: it has the links of all accounts' password resets
    ];

    /// <summary>Addresses without a page that ask before they show something.</summary>
    public static IReadOnlyList<string> AskingRoutes { get; } = [$"{PortalServices.Path}/operator/mailbox/{{mailId}}/html"];

    /// <summary>Whether a request for the page, or for the form of this name on it, needs a proof.</summary>
    /// <param name="page">The page's type.</param>
    /// <param name="form">The form's name; null when the page is only opened.</param>
    public static bool Includes(Type page, string? form) => form is null ? AsksFirst.Contains(page) : !IsIn(Harmless, page, form);

    /// <summary>
    /// Whether the page itself asks for the proof of this form, with what was typed in its fields. Those pages are shown without a proof.
    /// </summary>
    public static bool KeepsTyped(Type page, string form) =>
        form == SettingsForm.Name && Protected.TryGetValue(page, out var names) && names.Contains(form, StringComparer.Ordinal);

    /// <summary>Whether one of the lists names the form.</summary>
    public static bool IsIn(IReadOnlyDictionary<Type, string[]> list, Type page, string form) =>
        list.TryGetValue(page, out var names)
        && names.Any(name => name[^1] == '*' ? form.StartsWith(name[..^1], StringComparison.Ordinal) : form == name);
}
