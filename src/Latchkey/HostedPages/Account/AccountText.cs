using System.Collections.Concurrent;
using System.Text.Json;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages.Account;

/// <summary>
/// The texts of the account pages in one language. They are in <c>Texts/</c>, one file a locale; a word between percent signs stands for a
/// value.
/// </summary>
public sealed record AccountText
{
    private static readonly ConcurrentDictionary<string, AccountText> Loaded = new(StringComparer.Ordinal);

    public required string AccountHeading { get; init; }
    public required string AccountLink { get; init; }
    public required string Overview { get; init; }
    public required string Open { get; init; }
    public required string Back { get; init; }
    public required string AttentionHeading { get; init; }
    public required string AttentionEmail { get; init; }
    public required string AttentionFactor { get; init; }
    public required string AttentionCodes { get; init; }
    public required string On { get; init; }
    public required string Off { get; init; }
    public required string NotSet { get; init; }
    public required string Never { get; init; }
    public required string Save { get; init; }
    public required string Change { get; init; }
    public required string Remove { get; init; }
    public required string SetUp { get; init; }
    public required string SwitchOn { get; init; }
    public required string Created { get; init; }
    public required string LastUsed { get; init; }
    public required string Kind { get; init; }
    public required string ProfileHeading { get; init; }
    public required string Email { get; init; }
    public required string UserName { get; init; }
    public required string UserNameOnce { get; init; }
    public required string Language { get; init; }
    public required string EmailHeading { get; init; }
    public required string EmailText { get; init; }
    public required string EmailNew { get; init; }
    public required string EmailCodeText { get; init; }
    public required string PhoneHeading { get; init; }
    public required string PhoneNow { get; init; }
    public required string PhoneHint { get; init; }
    public required string PhoneAdd { get; init; }
    public required string PasswordHeading { get; init; }
    public required string PasswordText { get; init; }
    public required string PasswordFirst { get; init; }
    public required string CurrentPassword { get; init; }
    public required string NewPassword { get; init; }
    public required string FactorsHeading { get; init; }
    public required string FactorsText { get; init; }
    public required string FactorsRequired { get; init; }
    public required string OtpHeading { get; init; }
    public required string OtpText { get; init; }
    public required string OtpReplace { get; init; }
    public required string OtpReplaceText { get; init; }
    public required string OtpStart { get; init; }
    public required string SmsHeading { get; init; }
    public required string RemoveOtpHeading { get; init; }
    public required string RemoveSmsHeading { get; init; }
    public required string RemoveFactorText { get; init; }
    public required string CodesHeading { get; init; }
    public required string CodesLeft { get; init; }
    public required string CodesText { get; init; }
    public required string CodesRenew { get; init; }
    public required string DevicesHeading { get; init; }
    public required string DevicesForget { get; init; }
    public required string PasskeysHeading { get; init; }
    public required string PasskeyHeading { get; init; }
    public required string PasskeysText { get; init; }
    public required string PasskeyAdd { get; init; }
    public required string PasskeyAddText { get; init; }
    public required string PasskeyName { get; init; }
    public required string PasskeyRemove { get; init; }
    public required string PasskeyRemoveText { get; init; }
    public required string PasskeyUnusable { get; init; }
    public required string PasskeySynced { get; init; }
    public required string PasskeyDevice { get; init; }
    public required string PasskeyScript { get; init; }
    public required string SessionsHeading { get; init; }
    public required string SessionsText { get; init; }
    public required string ThisDevice { get; init; }
    public required string SignOutOthers { get; init; }
    public required string Address { get; init; }
    public required string SignedInAt { get; init; }
    public required string SignedInBy { get; init; }
    public required string EndedHeading { get; init; }
    public required string EndedAt { get; init; }
    public required string EndedWhy { get; init; }
    public required string LinksHeading { get; init; }
    public required string LinksText { get; init; }
    public required string LinksNone { get; init; }
    public required string LinkAdd { get; init; }
    public required string LinkRemoveHeading { get; init; }
    public required string LinkRemoveText { get; init; }
    public required string AppsHeading { get; init; }
    public required string AppsText { get; init; }
    public required string AppsNone { get; init; }
    public required string AllowedAt { get; init; }
    public required string TakeBack { get; init; }
    public required string DataHeading { get; init; }
    public required string DataText { get; init; }
    public required string DataButton { get; init; }
    public required string DeleteHeading { get; init; }
    public required string DeleteText { get; init; }
    public required string DeleteForever { get; init; }
    public required string DeleteType { get; init; }
    public required string DeleteButton { get; init; }
    public required string DeletedHeading { get; init; }
    public required string DeletedText { get; init; }
    public required string ProofHeading { get; init; }
    public required string ProofText { get; init; }
    public required string ProofNone { get; init; }
    public required string SendMail { get; init; }
    public required string SendMailAgain { get; init; }

    /// <summary>The ways to prove who one is, by the names of <see cref="ProofMethod"/>.</summary>
    public required IReadOnlyDictionary<string, string> Proofs { get; init; }

    /// <summary>What was done, by its name.</summary>
    public required IReadOnlyDictionary<string, string> Done { get; init; }

    /// <summary>What went wrong, by the names of <see cref="AccountProblems"/>.</summary>
    public required IReadOnlyDictionary<string, string> Problems { get; init; }

    /// <summary>Why a session ended, by the name of the reason.</summary>
    public required IReadOnlyDictionary<string, string> Ends { get; init; }

    /// <summary>How somebody signed in, by the value of the claim amr.</summary>
    public required IReadOnlyDictionary<string, string> Methods { get; init; }

    public static AccountText In(PageLanguage language) =>
        Loaded.GetOrAdd(
            language.Tag,
            static tag =>
            {
                using var file = typeof(AccountText).Assembly.GetManifestResourceStream($"AccountTexts/{tag}.json");
                var text = file is null ? null : JsonSerializer.Deserialize(file, AccountTextJson.Default.AccountText);
                return text ?? throw new InvalidOperationException($"the program lacks the texts of its account pages in {tag}");
            }
        );
}
