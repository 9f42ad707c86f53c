using System.Numerics;
using Latchkey.Activity.Metering;

namespace Latchkey.Billing.Statements;

/// <summary>What an application used in a month, or in the part of it that has passed.</summary>
public sealed record UsageReading
{
    public required string AppId { get; init; }

    public required CalendarMonth Month { get; init; }

    /// <summary>The application's name at the end of the time.</summary>
    public required string Name { get; init; }

    /// <summary>Milliseconds in each status, by name; those as a development application count as "development".</summary>
    public required IReadOnlyDictionary<string, long> Milliseconds { get; init; }

    /// <summary>The milliseconds in which it was commercial and active. Only what is used in them is charged.</summary>
    public required long ChargedMilliseconds { get; init; }

    public required long ActiveUsers { get; init; }

    public required long Mails { get; init; }

    public required long Sms { get; init; }

    /// <summary>The sum of bytes stored times milliseconds, in charged time.</summary>
    public required BigInteger ByteMilliseconds { get; init; }

    /// <summary>Whether the application was deleted before the month began.</summary>
    public bool IsDeleted => Milliseconds.Count == 0 || (Milliseconds.Count == 1 && Milliseconds.ContainsKey(MeteredState.Deleted));
}
