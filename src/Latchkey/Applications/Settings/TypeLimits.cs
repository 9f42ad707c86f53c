using Latchkey.Core;

namespace Latchkey.Applications.Settings;

/// <summary>The operator's limits for applications of one type; 0 for none. They cap the application's own settings.</summary>
public sealed record TypeLimits
{
    public int MaxUsers { get; init; }

    public int CallsPerSecond { get; init; }

    public int MessagesPerHour { get; init; }

    public int AnonymousUsersPerHour { get; init; }

    private static readonly Bound[] Bounds =
    [
        new(
            "maxUsers",
            l => l.MaxUsers,
            (l, most) => l with { MaxUsers = most },
            s => s.MaxUsers,
            (s, most) => s with { MaxUsers = most },
            ZeroIsUnlimited: true
        ),
        new(
            "callsPerSecond",
            l => l.CallsPerSecond,
            (l, most) => l with { CallsPerSecond = most },
            s => s.CallsPerSecond,
            (s, most) => s with { CallsPerSecond = most }
        ),
        new(
            "messagesPerHour",
            l => l.MessagesPerHour,
            (l, most) => l with { MessagesPerHour = most },
            s => s.MessagesPerHour,
            (s, most) => s with { MessagesPerHour = most }
        ),
        new(
            "anonymousUsersPerHour",
            l => l.AnonymousUsersPerHour,
            (l, most) => l with { AnonymousUsersPerHour = most },
            s => s.AnonymousUsersPerHour,
            (s, most) => s with { AnonymousUsersPerHour = most }
        ),
    ];

    /// <summary>The settings that can be limited.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Bounds.Select(bound => bound.Name)];

    public int this[string name] => Bounds.First(bound => bound.Name == name).Max(this);

    public TypeLimits With(string name, int most) => Bounds.First(bound => bound.Name == name).Allow(this, most);

    /// <summary>The effective settings: values above a limit are reduced to it.</summary>
    public ApplicationSettings Cap(ApplicationSettings settings) =>
        Bounds.Where(bound => bound.IsExceeded(this, settings)).Aggregate(settings, (capped, bound) => bound.Set(capped, bound.Max(this)));

    /// <summary>Why a change of these settings is refused; null when it is within the limits.</summary>
    public Error? Validate(string type, ApplicationSettings settings, IEnumerable<string> changed) =>
        Bounds.FirstOrDefault(bound => changed.Contains(bound.Name, StringComparer.Ordinal) && bound.IsExceeded(this, settings))
            is { } broken
            ? Setting.Invalid(
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"The operator of this installation allows at most {broken.Max(this)} for {broken.Name} in {type} applications."
                )
            )
            : null;

    private sealed record Bound(
        string Name,
        Func<TypeLimits, int> Max,
        Func<TypeLimits, int, TypeLimits> Allow,
        Func<ApplicationSettings, int> Get,
        Func<ApplicationSettings, int, ApplicationSettings> Set,
        bool ZeroIsUnlimited = false
    )
    {
        public bool IsExceeded(TypeLimits limits, ApplicationSettings settings) =>
            Max(limits) > 0 && (Get(settings) > Max(limits) || (ZeroIsUnlimited && Get(settings) == 0));
    }
}
