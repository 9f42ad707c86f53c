using System.Globalization;

namespace Latchkey.Core.Configuration;

/// <summary>Settings of pay as you go; there are none while it is off.</summary>
public sealed record BillingSettings
{
    private const int DefaultDueDays = 14;
    private const int DefaultUsageMonths = 24;
    private const int MaxDays = 365;
    private const int MaxMonths = 240;

    /// <summary>The operator's name and the lines of the address, as invoices print them.</summary>
    public IReadOnlyList<string> Seller { get; init; } = [];

    /// <summary>The operator's tax number; null for none.</summary>
    public string? TaxId { get; init; }

    /// <summary>How to pay, as printed on invoices.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>Days from the invoice to its due date.</summary>
    public int DueDays { get; init; } = DefaultDueDays;

    /// <summary>Days after the due date at which reminders go out. With the last of them, the applications are suspended.</summary>
    public IReadOnlyList<int> ReminderDays { get; init; } = [0, 7, 14];

    /// <summary>Months that the events behind statements are kept, which hold the ids of users.</summary>
    public int UsageMonths { get; init; } = DefaultUsageMonths;

    /// <summary>Reads the settings of billing that is on.</summary>
    /// <exception cref="InvalidSettingException">A setting is invalid.</exception>
    public static BillingSettings Read(Func<string, string?> text) =>
        new()
        {
            Seller = [.. Lines(text("BILLING_SELLER") ?? "")],
            TaxId = text("BILLING_TAX_ID"),
            Instructions = string.Join('\n', Lines(text("BILLING_INSTRUCTIONS") ?? "")),
            DueDays = Number("BILLING_DUE_DAYS", text("BILLING_DUE_DAYS"), DefaultDueDays, 0, MaxDays),
            ReminderDays = Reminders(text("BILLING_REMINDER_DAYS") ?? "0 7 14"),
            UsageMonths = Number("BILLING_USAGE_MONTHS", text("BILLING_USAGE_MONTHS"), DefaultUsageMonths, 1, MaxMonths),
        };

    private static IEnumerable<string> Lines(string text) =>
        text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static int Number(string name, string? text, int preset, int min, int max) =>
        text is null ? preset
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw new InvalidSettingException(
            string.Create(CultureInfo.InvariantCulture, $"LATCHKEY_{name} is {text}. Use a whole number from {min} to {max}.")
        );

    private static IReadOnlyList<int> Reminders(string text)
    {
        var days = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(one => Number("BILLING_REMINDER_DAYS", one, 0, 0, MaxDays))
            .ToList();
        return days.Count > 0 && days.Zip(days.Skip(1)).All(pair => pair.First < pair.Second)
            ? days
            : throw new InvalidSettingException("LATCHKEY_BILLING_REMINDER_DAYS must be numbers that rise, such as 0 7 14.");
    }
}
