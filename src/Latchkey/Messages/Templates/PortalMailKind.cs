namespace Latchkey.Messages.Templates;

/// <summary>Kinds of the portal's own mails; also the names of their texts.</summary>
public static class PortalMailKind
{
    public const string SignUp = "portalSignUp";
    public const string AccountExists = "portalAccountExists";
    public const string Invitation = "portalInvitation";
    public const string MemberInvitation = "portalMemberInvitation";
    public const string ResetPassword = "portalResetPassword";
    public const string PasswordChanged = "portalPasswordChanged";
    public const string ConfirmEmail = "portalConfirmEmail";
    public const string EmailChanged = "portalEmailChanged";
    public const string SecondFactorOn = "portalSecondFactorOn";
    public const string SecondFactorOff = "portalSecondFactorOff";
    public const string AuthenticatorOff = "portalAuthenticatorOff";
    public const string PasskeyAdded = "portalPasskeyAdded";
    public const string PasskeyRemoved = "portalPasskeyRemoved";
    public const string SecondFactorReset = "portalSecondFactorReset";
    public const string RecoveryCodesRenewed = "portalRecoveryCodesRenewed";
    public const string RecoveryCodeUsed = "portalRecoveryCodeUsed";
    public const string RecoveryCodesLow = "portalRecoveryCodesLow";
    public const string PasswordGuessing = "portalPasswordGuessing";
    public const string CodeGuessing = "portalCodeGuessing";
    public const string ResetRequired = "portalResetRequired";
    public const string ApplicationSuspended = "portalApplicationShut";
    public const string ApplicationReinstated = "portalApplicationReinstated";
    public const string Petition = "portalPetition";
    public const string PetitionDeclined = "portalPetitionDeclined";
    public const string DomainRequest = "portalDomainRequest";
    public const string DomainApproved = "portalDomainApproved";
    public const string DomainRefused = "portalDomainRefused";
    public const string Invoice = "portalInvoice";
    public const string CreditNote = "portalCreditNote";
    public const string InvoiceReminder = "portalInvoiceReminder";
    public const string InvoiceSuspension = "portalInvoiceSuspension";
    public const string Budget = "portalBudget";

    /// <summary>The kinds that are sent in the billing account's language.</summary>
    public static IReadOnlyList<string> Billing { get; } = [Invoice, CreditNote, InvoiceReminder, InvoiceSuspension, Budget];
}
