namespace Latchkey.Core.Configuration;

/// <summary>All settings of the installation, as in docs/operations.md.</summary>
public static class InstallationSettingCatalog
{
    public static IReadOnlyList<InstallationSetting> All { get; } =
    [
        new("CONFIG", "File of settings in JSON", "`latchkey.json` in the working folder, if it is there")
        {
            IsPath = true,
            NamesSource = true,
        },
        new("SECRETS", "Folder of files that each hold one setting and are called by its variable", "`/run/secrets`, if it is there")
        {
            IsPath = true,
            NamesSource = true,
        },
        new("DATA", "Data folder, with the SQLite file and the keys", "`data`") { Option = "--data", IsPath = true },
        new("DATABASE", "Database: a SQLite file or `postgres://user:password@host/name`", "`latchkey.db` in the data folder")
        {
            Option = "--database",
        },
        new("DATABASE_LISTEN", "PostgreSQL address for notifications, when a pooler is in between", "the database"),
        new("KEYS", "Folder of the key ring (`*.key` files)", "`keys` in the data folder") { IsPath = true },
        new("KEYS_PASSPHRASE", "Passphrase of the key ring", "none") { IsSecret = true },
        new("LISTEN", "Addresses to listen on; `unix:/path` for a [Unix socket](#behind-a-proxy)", "`http://127.0.0.1:5400`")
        {
            Option = "--listen",
        },
        new(
            "PUBLIC_URL",
            "Public URL, the address that users reach; it can have [a path](#a-public-url-with-a-path)",
            "the first listen address, on loopback only"
        )
        {
            Option = "--public-url",
        },
        new(
            "PORTAL_URL",
            "URL of [the portal's own host](#the-portals-own-host), such as `https://portal.example.com`: the portal answers there only",
            "the portal is below the public URL"
        ),
        new(
            "DNS_SERVERS",
            "DNS servers that are asked who controls [a domain](#domains-of-applications), such as `9.9.9.9`",
            "the system's"
        ),
        new("INSECURE_HTTP", "`on` allows a public URL without TLS, for a laboratory: passwords and cookies travel in the clear", "`off`")
        {
            Option = "--insecure-http",
        },
        new("PROXIES", "Networks of reverse proxies", "none") { Option = "--proxies" },
        new(
            "CORS_ORIGINS",
            "Browser origins that may call the API, such as `https://app.example.com`, separated by commas or spaces",
            "all"
        ),
        new("PEPPER", "Pepper for new password hashes", "none") { IsSecret = true },
        new("LOG_DAYS", "Days that logs are kept", "90"),
        new(
            "MESSAGE_FRAME",
            "`off` leaves out the line that names the application and the reason, above messages with a developer's own text "
                + "that your provider sends: [Mail and SMS](#mail-and-sms)",
            "`on`"
        ),
        new(
            "OUTBOUND_NETWORKS",
            "Private networks in which developers' mail servers, webhooks and [buckets](storage.md) may be: [Mail and SMS](#mail-and-sms)",
            "none"
        ),
        new(
            "APP_SERVICES_URL",
            "App Services Admin API of MongoDB, or of a compatible server: https, or http on loopback",
            "`https://services.cloud.mongodb.com`"
        ),
        new("BILLING", "`on` charges for commercial applications", "`off`"),
        new("BILLING_SELLER", "Your name and the lines of your address on invoices, separated by semicolons", "none"),
        new("BILLING_TAX_ID", "Your tax number on invoices", "none"),
        new("BILLING_INSTRUCTIONS", "How to pay, as printed on invoices; semicolons separate lines", "none"),
        new("BILLING_DUE_DAYS", "Days in which invoices are to be paid", "14"),
        new(
            "BILLING_REMINDER_DAYS",
            "Days after the due date at which reminders are mailed; with the last, the applications are suspended",
            "`0 7 14`"
        ),
        new("BILLING_USAGE_MONTHS", "Months that metering events are kept, which hold ids of users", "24"),
        new("LIMITS", "`off` for load tests on loopback only", "`on`"),
        new("SMTP_HOST", "Mail server", "none"),
        new("SMTP_PORT", "Its port", "587; 465 with `tls`"),
        new("SMTP_SECURITY", "`starttls`, `tls` or `none`", "`starttls`"),
        new("SMTP_USER", "User at the mail server", "none"),
        new("SMTP_PASSWORD", "Password at the mail server", "none") { IsSecret = true },
        new("SMTP_TOKEN", "Access token at the mail server, in place of a password", "none") { IsSecret = true },
        new("SMTP_TOKEN_FILE", "File with the access token, read for each mail", "none") { IsPath = true },
        new("SMTP_HELO", "Name by which this machine introduces itself to mail servers", "the machine's full name: [SMTP](#smtp)"),
        new("SMTP_FROM", "Sender of mails", "none; needed with a mail server"),
        new("SENDGRID_KEY", "API key of SendGrid", "none") { IsSecret = true },
        new("SENDGRID_FROM", "Sender of mails", "none; needed with SendGrid"),
        new("SENDGRID_URL", "SendGrid's API, or a proxy in front of it", "`https://api.sendgrid.com`"),
        new("TWILIO_ACCOUNT_SID", "Account at Twilio", "none"),
        new("TWILIO_AUTH_TOKEN", "Its auth token", "none; needed with Twilio") { IsSecret = true },
        new("TWILIO_FROM", "Number that SMS come from", "none; needed with Twilio"),
        new("TWILIO_URL", "Twilio's API, or a proxy in front of it", "`https://api.twilio.com`"),
        new("WEBHOOK_URL", "Address that takes mails and SMS", "none"),
        new("WEBHOOK_SECRET", "Secret that signs what it is sent", "none; needed with a webhook") { IsSecret = true },
        new("STRIPE_SECRET_KEY", "Secret key of Stripe, to charge invoices to cards: [billing.md](billing.md#stripe)", "none")
        {
            IsSecret = true,
        },
        new("STRIPE_WEBHOOK_SECRET", "Signing secret of the webhook endpoint; two while it is changed", "none; needed with Stripe")
        {
            IsSecret = true,
        },
        new("STRIPE_URL", "Stripe's API, or a proxy in front of it", "`https://api.stripe.com`"),
        new("APPLE_KEYS_URL", "Where Apple publishes the keys of its ID tokens", "`https://appleid.apple.com/auth/keys`"),
        new("GOOGLE_KEYS_URL", "Where Google publishes the keys of its ID tokens", "`https://www.googleapis.com/oauth2/v3/certs`"),
        new("MOST_BCRYPT_COST", "Maximum cost of imported bcrypt hashes: [import.md](import.md#password-hashes)", "13"),
        new("MOST_ARGON2_MEMORY", "Maximum KiB of imported Argon2 hashes", "131072"),
        new("MOST_ARGON2_PASSES", "Maximum passes of imported Argon2 hashes", "10"),
        new("MOST_ARGON2_LANES", "Maximum lanes of imported Argon2 hashes", "4"),
        new("MOST_PBKDF2_ROUNDS", "Maximum rounds of imported PBKDF2 hashes", "1500000"),
    ];

    private static readonly Dictionary<string, InstallationSetting> ByName = All.ToDictionary(
        setting => setting.Name,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Finds a setting by its name without the prefix, ignoring case; null when there is none.</summary>
    public static InstallationSetting? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The variable with the most similar name, by Levenshtein distance.</summary>
    public static string Nearest(string name) => (All.MinBy(setting => Distance(setting.Name, name)) ?? All[0]).Variable;

    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            (var diagonal, row[0]) = (row[0], i);
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1));
            }
        }

        return row[^1];
    }
}
