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

    /// <summary>The settings that can be limited.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Bounds.Select(bound => bound.Name)];

    public int this[string name] => Bounds.First(bound => bound.Name == name).Max(this);

    public TypeLimits With(string name, int value) => Bounds.First(bound => bound.Name == name).Allow(this, value);

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
