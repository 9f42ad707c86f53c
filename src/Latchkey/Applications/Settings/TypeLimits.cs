using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>
/// The operator's limits for applications of one type: null while the operator has set none, 0 for no limit. A limit that is set caps the
/// application's own settings. Without one, developers can go up to <see cref="Shipped"/>, and the operator can give an application more.
/// </summary>
public sealed record TypeLimits
{
    /// <summary>What developers can use until the operator decides: the default values of the application's settings.</summary>
    public static readonly TypeLimits Shipped = new()
    {
        MaxUsers = 0,
        CallsPerSecond = new ApplicationSettings().CallsPerSecond,
        MessagesPerHour = new ApplicationSettings().MessagesPerHour,
        AnonymousUsersPerHour = new ApplicationSettings().AnonymousUsersPerHour,
        RecipientsPerDay = 2000,
    };

    /// <summary>In place of a number: the operator has set no limit.</summary>
    public const string Unset = "default";

    private const string Recipients = "recipientsPerDay";

    public int? MaxUsers { get; init; }

    public int? CallsPerSecond { get; init; }

    public int? MessagesPerHour { get; init; }

    public int? AnonymousUsersPerHour { get; init; }

    /// <summary>
    /// The addresses and phone numbers that the installation's providers send to within a day, for one application. It is no setting of the
    /// application.
    /// </summary>
    public int? RecipientsPerDay { get; init; }

    private static readonly Bound[] Bounds =
    [
        new(
            "maxUsers",
            l => l.MaxUsers,
            (l, value) => l with { MaxUsers = value },
            s => s.MaxUsers,
            (s, value) => s with { MaxUsers = value },
            ZeroIsUnlimited: true
        ),
        new(
            "callsPerSecond",
            l => l.CallsPerSecond,
            (l, value) => l with { CallsPerSecond = value },
            s => s.CallsPerSecond,
            (s, value) => s with { CallsPerSecond = value }
        ),
        new(
            "messagesPerHour",
            l => l.MessagesPerHour,
            (l, value) => l with { MessagesPerHour = value },
            s => s.MessagesPerHour,
            (s, value) => s with { MessagesPerHour = value }
        ),
        new(
            "anonymousUsersPerHour",
            l => l.AnonymousUsersPerHour,
            (l, value) => l with { AnonymousUsersPerHour = value },
            s => s.AnonymousUsersPerHour,
            (s, value) => s with { AnonymousUsersPerHour = value }
        ),
    ];

    /// <summary>The names of the limits: of settings that can be limited, and of the recipients.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Bounds.Select(bound => bound.Name), Recipients];

    /// <summary>The limit that the operator set; null for none set.</summary>
    public int? this[string name] => name == Recipients ? RecipientsPerDay : Bounds.First(bound => bound.Name == name).Max(this);

    public TypeLimits With(string name, int? value) =>
        name == Recipients ? this with { RecipientsPerDay = value } : Bounds.First(bound => bound.Name == name).Allow(this, value);

    /// <summary>As the command line takes and shows it: a number, or "default" while none is set.</summary>
    public static string Format(int? limit) => limit?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? Unset;

    /// <summary>The effective settings: values above a limit that the operator set are reduced to it.</summary>
    public ApplicationSettings Cap(ApplicationSettings settings) =>
        Bounds
            .Where(bound => bound.IsExceeded(bound.Max(this), settings))
            .Aggregate(settings, (capped, bound) => bound.Set(capped, bound.Max(this) ?? 0));

    /// <summary>Why a change of these settings is refused; null when it is within the limits.</summary>
    /// <param name="by">The operator can exceed what is shipped, and a developer cannot.</param>
    public Error? Validate(string type, ApplicationSettings settings, IEnumerable<string> changed, Role by)
    {
        foreach (var bound in Bounds.Where(bound => changed.Contains(bound.Name, StringComparer.Ordinal)))
        {
            var max = bound.Max(this) ?? (by == Role.Operator ? 0 : bound.Max(Shipped));
            if (bound.IsExceeded(max, settings))
            {
                return Setting.Invalid(
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"The operator of this installation allows at most {max} for {bound.Name} in {type} applications."
                    )
                );
            }
        }

        return null;
    }

    private sealed record Bound(
        string Name,
        Func<TypeLimits, int?> Max,
        Func<TypeLimits, int?, TypeLimits> Allow,
        Func<ApplicationSettings, int> Get,
        Func<ApplicationSettings, int, ApplicationSettings> Set,
        bool ZeroIsUnlimited = false
    )
    {
        public bool IsExceeded(int? max, ApplicationSettings settings) =>
            max > 0 && (Get(settings) > max || (ZeroIsUnlimited && Get(settings) == 0));
    }
}
