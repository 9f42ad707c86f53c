namespace Latchkey.Provider.Pages;

/// <summary>
/// The texts of the pages that users of an application see, in one language. They are in <c>Texts/</c>, one file a locale; a word between
/// percent signs stands for a value.
/// </summary>
public sealed record PageText
{
    public required string Continue { get; init; }
    public required string Cancel { get; init; }
    public required string LeavingHeading { get; init; }
    public required string SignIn { get; init; }
    public required string SignInTo { get; init; }
    public required string ContinueTo { get; init; }
    public required string Handle { get; init; }
    public required string HandleOrName { get; init; }
    public required string HandleOrPhone { get; init; }
    public required string Password { get; init; }

    // Signing in with another provider
    public required string Via { get; init; }
    public required string ViaOr { get; init; }
    public required string ViaHeading { get; init; }
    public required string ViaText { get; init; }
    public required string ViaLeave { get; init; }
    public required string ViaFailed { get; init; }
    public required string ViaCancelled { get; init; }
    public required string ViaEnded { get; init; }
    public required string ViaTooOld { get; init; }
    public required string ViaOff { get; init; }
    public required string ViaUnknown { get; init; }
    public required string ViaSignUpHeading { get; init; }
    public required string ViaSignUpText { get; init; }
    public required string ViaCodeText { get; init; }
    public required string ViaExistsHeading { get; init; }
    public required string ViaExistsText { get; init; }
    public required string ViaExistsLink { get; init; }
    public required string ViaLinkHeading { get; init; }
    public required string ViaLinkText { get; init; }
    public required string ViaLink { get; init; }
    public required string ViaTaken { get; init; }
    public required string ViaSignInAgain { get; init; }
    public required string ViaBackToApp { get; init; }

    public required string SendCode { get; init; }

    // A code by mail or SMS in the place of a password
    public required string CodeHeading { get; init; }
    public required string CodeText { get; init; }
    public required string Code { get; init; }
    public required string StartAgain { get; init; }

    // Signing up, a new password, passkeys
    public required string SignUp { get; init; }
    public required string SignUpTo { get; init; }
    public required string CreateAccount { get; init; }
    public required string HaveAccount { get; init; }
    public required string ForgotPassword { get; init; }
    public required string SignUpWithoutPassword { get; init; }
    public required string SignUpClosedHeading { get; init; }
    public required string SignUpInvited { get; init; }
    public required string SignUpClosed { get; init; }
    public required string NewPassword { get; init; }
    public required string RuleLength { get; init; }
    public required string RuleUpper { get; init; }
    public required string RuleLower { get; init; }
    public required string RuleDigit { get; init; }
    public required string RuleSpecial { get; init; }
    public required string RuleCommon { get; init; }
    public required string WeakPassword { get; init; }
    public required string FieldsMissing { get; init; }
    public required string AccountExists { get; init; }
    public required string MailHeading { get; init; }
    public required string MailCodeText { get; init; }
    public required string MailLinkText { get; init; }
    public required string MailAgain { get; init; }
    public required string MailedAgain { get; init; }
    public required string OtherAddress { get; init; }
    public required string LinkOpened { get; init; }
    public required string LinkEnded { get; init; }
    public required string ConfirmedHeading { get; init; }
    public required string ConfirmedText { get; init; }
    public required string UserNameHeading { get; init; }
    public required string UserName { get; init; }
    public required string UserNameText { get; init; }
    public required string UserNameTaken { get; init; }
    public required string BadUserName { get; init; }
    public required string ForgotHeading { get; init; }
    public required string ForgotText { get; init; }
    public required string SendMail { get; init; }
    public required string ResetText { get; init; }
    public required string ResetLinkText { get; init; }
    public required string SavePassword { get; init; }
    public required string PasswordChanged { get; init; }
    public required string UsePasskey { get; init; }
    public required string SignInByPasskey { get; init; }
    public required string PasskeyText { get; init; }
    public required string PasskeyFailed { get; init; }
    public required string NoPasskeys { get; init; }
    public required string OfferHeading { get; init; }
    public required string OfferText { get; init; }
    public required string AddPasskey { get; init; }
    public required string NotNow { get; init; }
    public required string NeverAsk { get; init; }

    // The second factor
    public required string FactorHeading { get; init; }
    public required string OtpText { get; init; }
    public required string SmsText { get; init; }
    public required string SendSms { get; init; }
    public required string SendSmsAgain { get; init; }
    public required string RecoveryText { get; init; }
    public required string RecoveryCode { get; init; }
    public required string UseOtp { get; init; }
    public required string UseSms { get; init; }
    public required string UseRecovery { get; init; }
    public required string Remember { get; init; }
    public required string EnrollHeading { get; init; }
    public required string EnrollText { get; init; }
    public required string EnrollOtp { get; init; }
    public required string EnrollOtpText { get; init; }
    public required string Phone { get; init; }
    public required string EnrollPhone { get; init; }
    public required string EnrollElsewhere { get; init; }
    public required string RecoveryHeading { get; init; }
    public required string RecoveryCodesText { get; init; }
    public required string Kept { get; init; }

    // Who goes on, and what a client gets
    public required string AccountHeading { get; init; }
    public required string AccountText { get; init; }
    public required string ContinueAs { get; init; }
    public required string OtherAccount { get; init; }
    public required string ConsentHeading { get; init; }
    public required string ConsentText { get; init; }
    public required string SignedInAs { get; init; }
    public required string OpenId { get; init; }
    public required string Profile { get; init; }
    public required string Email { get; init; }
    public required string PhoneScope { get; init; }
    public required string Address { get; init; }
    public required string OfflineAccess { get; init; }
    public required string OtherScope { get; init; }
    public required string ResourceScope { get; init; }
    public required string Resource { get; init; }
    public required string Allow { get; init; }
    public required string DoNotAllow { get; init; }
    public required string SentTo { get; init; }
    public required string Terms { get; init; }
    public required string Privacy { get; init; }
    public required string SignedInHeading { get; init; }
    public required string SignedInText { get; init; }

    // The code of a device without a browser
    public required string DeviceHeading { get; init; }
    public required string DeviceText { get; init; }
    public required string DeviceWrongCode { get; init; }
    public required string DeviceQuestion { get; init; }
    public required string DeviceFrom { get; init; }
    public required string DeviceUnknown { get; init; }
    public required string DeviceStarted { get; init; }
    public required string DeviceOtherNetwork { get; init; }
    public required string DeviceSame { get; init; }
    public required string DeviceApprove { get; init; }
    public required string DeviceDecline { get; init; }
    public required string DeviceApprovedHeading { get; init; }
    public required string DeviceApprovedText { get; init; }
    public required string DeviceDeclinedHeading { get; init; }
    public required string DeviceDeclinedText { get; init; }

    // Signing out
    public required string SignOutHeading { get; init; }
    public required string SignOutText { get; init; }
    public required string SignOut { get; init; }
    public required string StaySignedIn { get; init; }
    public required string SignedOutHeading { get; init; }
    public required string SignedOutText { get; init; }
    public required string StillSignedInHeading { get; init; }

    // What went wrong
    public required string WrongPassword { get; init; }
    public required string WrongCode { get; init; }
    public required string NotAnAddress { get; init; }
    public required string NoPhone { get; init; }
    public required string Locked { get; init; }
    public required string NotVerified { get; init; }
    public required string NotSent { get; init; }
    public required string Busy { get; init; }
    public required string Full { get; init; }
    public required string TryAgain { get; init; }
    public required string WaitHeading { get; init; }
    public required string WaitSeconds { get; init; }
    public required string WaitMinutes { get; init; }
    public required string ExpiredHeading { get; init; }
    public required string ExpiredText { get; init; }

    // Below every page
    public required string Language { get; init; }
    public required string TermsLink { get; init; }
    public required string PrivacyLink { get; init; }
    public required string HelpLink { get; init; }

    public required string ErrorHeading { get; init; }
    public required string ErrorText { get; init; }
    public required string ClosedHeading { get; init; }
    public required string ClosedText { get; init; }
    public required string ServerErrorText { get; init; }
}
