namespace Latchkey.Limits;

/// <summary>The default limits; see docs/security.md.</summary>
public static class DefaultLimits
{
    public static readonly BackOffLimit FailedLogins = new(
        "failed logins of one handle from one network",
        5,
        TimeSpan.FromSeconds(30),
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit FailedLoginsPerNetwork = new("failed logins from one network", 30, TimeSpan.FromMinutes(5));

    public static readonly WindowLimit LoginsPerHandleAndNetwork = new(
        "logins of one handle from one network within a minute",
        20,
        TimeSpan.FromMinutes(1)
    );
    public static readonly DistributedGuessing StrangersLogins = new(
        "guesses at one password from networks it never logged in from",
        50,
        10,
        TimeSpan.FromSeconds(30),
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit GuessingNotices = new("notices of guessing to one owner within a day", 1, TimeSpan.FromHours(24));

    // the longest lifetime of a code, that of an invitation
    public static readonly WindowLimit AttemptsPerCodeAndNetwork = new(
        "tries of one code from the network that asked for it",
        5,
        TimeSpan.FromDays(7)
    );
    public static readonly WindowLimit StrangersGuessesPerNetwork = new(
        "tries of codes of one handle from a network that did not ask",
        5,
        TimeSpan.FromDays(7)
    );
    public static readonly WindowLimit StrangersGuesses = new("tries of all codes of one handle within a week", 20, TimeSpan.FromDays(7));
    public static readonly WindowLimit RequestersGuesses = new(
        "tries of codes of one handle that others asked for within a week",
        20,
        TimeSpan.FromDays(7)
    );
    public static readonly WindowLimit CodeAttemptsPerNetwork = new("codes from one network", 100, TimeSpan.FromHours(1));
    public static readonly WindowLimit WrongCodesPerHandle = new("wrong codes of one handle from one network", 20, TimeSpan.FromHours(24));
    public static readonly WindowLimit MessagesPerMinute = new("messages to one address within a minute", 1, TimeSpan.FromSeconds(60));
    public static readonly WindowLimit MessagesPerHour = new("messages to one address within an hour", 5, TimeSpan.FromHours(1));
    public static readonly WindowLimit MessagesPerHourAndNetwork = new(
        "messages to one address from one network within an hour",
        MessagesPerHour.PermitLimit - 1,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit MessagesPerNetwork = new(
        "messages asked for from one network within an hour",
        100,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit WelcomeMails = new("welcome mails to one address within an hour", 2, TimeSpan.FromHours(1));
    public static readonly WindowLimit WelcomeMailsPerNetwork = new(
        "welcome mails for one network within an hour",
        100,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit PhoneNumbersPerUser = new("phone numbers of one user within a day", 10, TimeSpan.FromHours(24));
    public static readonly WindowLimit PhoneNumbersPerNetwork = new(
        "new phone numbers from one network within an hour",
        20,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit PhoneNumbersPerApplication = new(
        "new phone numbers of one application within an hour",
        500,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit SecurityNotifications = new(
        "notices of one kind to one address within an hour",
        10,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit TestMessages = new("test messages of one developer within an hour", 30, TimeSpan.FromHours(1));
    public static readonly WindowLimit MessagesPerApplication = new(
        "messages of one application within an hour",
        1000,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit RecipientsPerDay = new(
        "recipients of the installation's providers within a day",
        2000,
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit MessagesToStrangers = new("messages to strangers within an hour", 750, TimeSpan.FromHours(1));
    public static readonly WindowLimit MessagesForNetwork = new("messages put for one network within an hour", 187, TimeSpan.FromHours(1));
    public static readonly WindowLimit SmsPerDay = new("SMS to one number within a day", 5, TimeSpan.FromHours(24));
    public static readonly WindowLimit LoginCodesByMinute = new(
        "login codes by SMS to one number within a minute",
        1,
        TimeSpan.FromMinutes(1)
    );
    public static readonly WindowLimit LoginCodesBySms = new("login codes by SMS to one number within a day", 5, TimeSpan.FromHours(24));
    public static readonly WindowLimit LoginCodesBySmsAndNetwork = new(
        "login codes by SMS to one number from one network within a day",
        LoginCodesBySms.PermitLimit - 2,
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit AppServicesCalls = new("calls of one developer to App Services", 30, TimeSpan.FromMinutes(10));
    public static readonly WindowLimit BucketTests = new("tests of a bucket by one developer", 30, TimeSpan.FromMinutes(10));
    public static readonly WindowLimit StepUpSms = new("SMS of step-up to one user within a day", 2, TimeSpan.FromHours(24));
    public static readonly WindowLimit StepUpMails = new("mails of step-up to one user within an hour", 2, TimeSpan.FromHours(1));
    public static readonly WindowLimit AddressChanges = new("new addresses of one user within a day", 5, TimeSpan.FromHours(24));
    public static readonly WindowLimit AuthenticatorKeys = new("new authenticator keys of one user", 10, TimeSpan.FromHours(1));
    public static readonly WindowLimit DataDownloads = new("downloads of one user's data", 10, TimeSpan.FromHours(1));
    public static readonly WindowLimit TotpAttempts = new("authenticator codes of one user", 10, TimeSpan.FromMinutes(10));
    public static readonly WindowLimit AnonymousLogins = new("logins of one anonymous user", 60, TimeSpan.FromMinutes(1));
    public static readonly WindowLimit AnonymousUsersPerNetwork = new("new anonymous users from one network", 30, TimeSpan.FromHours(1));
    public static readonly WindowLimit UnconfirmedUsersPerNetwork = new(
        "new users without a confirmed address from one network",
        30,
        TimeSpan.FromHours(1)
    );
    public static readonly WindowLimit DomainNoticesByApplication = new(
        "mails to the operators about proved domains of one application within a day",
        5,
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit DomainNoticesByDeveloper = new(
        "mails to the operators about proved domains that one developer asked for within a day",
        10,
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit DeviceCodesPerNetwork = new(
        "device codes asked for from one network within ten minutes",
        100,
        TimeSpan.FromMinutes(10)
    );
    public static readonly WindowLimit ProviderSignInsPerNetwork = new(
        "sign-ins with other providers begun from one network within ten minutes",
        300,
        TimeSpan.FromMinutes(10)
    );
    public static readonly WindowLimit WrongDeviceCodes = new(
        "wrong codes of devices that one user typed within ten minutes",
        5,
        TimeSpan.FromMinutes(10)
    );
    public static readonly WindowLimit LogExports = new("exports of one application's log within a day", 10, TimeSpan.FromHours(24));
    public static readonly BackOffLimit PortalPasswordChecks = new(
        "wrong passwords of one who is signed in to the portal",
        5,
        TimeSpan.FromSeconds(30),
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit ApplicationsPerDeveloper = new(
        "new applications of one developer within a day",
        10,
        TimeSpan.FromHours(24)
    );
    public static readonly WindowLimit PortalPasskeysPerNetwork = new(
        "passkeys sent to the portal by one network",
        60,
        TimeSpan.FromMinutes(5)
    );
    public static readonly WindowLimit PortalInvitations = new("invitations of one developer within an hour", 50, TimeSpan.FromHours(1));

    public static readonly WindowLimit FailedClients = new("failed proofs of clients from one network", 60, TimeSpan.FromMinutes(5));

    public static readonly WindowLimit UnknownTokensPerClient = new(
        "unknown tokens that one client asked about within a minute",
        300,
        TimeSpan.FromMinutes(1)
    );
}
