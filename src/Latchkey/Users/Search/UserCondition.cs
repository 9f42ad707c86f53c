namespace Latchkey.Users.Search;

/// <summary>One condition of a search for users.</summary>
public abstract record UserCondition
{
    /// <summary>Finds the users for whom it does not hold.</summary>
    public bool IsNegated { get; init; }

    /// <param name="Value">A <see cref="UserStatus"/>, stored or not.</param>
    public sealed record Status(string Value) : UserCondition;

    /// <param name="Value">A <see cref="UserOrigin"/>.</param>
    public sealed record Origin(string Value) : UserCondition;

    /// <param name="Alias">What the user signed up with: apple, google, or the alias of an identity provider.</param>
    public sealed record Provider(string Alias) : UserCondition;

    public sealed record Id(string Value) : UserCondition;

    /// <summary>The address; without wildcards, its beginning.</summary>
    public sealed record Email(TextPattern Pattern) : UserCondition;

    /// <summary>The user name; without wildcards, its beginning.</summary>
    public sealed record Name(TextPattern Pattern) : UserCondition;

    /// <summary>The address or the user name, which has this part or matches this pattern.</summary>
    public sealed record Text(TextPattern Pattern) : UserCondition;

    /// <param name="Number">The verified number, in E.164.</param>
    public sealed record Phone(string Number) : UserCondition;

    /// <summary>A value of the user or of the invitation, whole or as a pattern. Capital letters do not count.</summary>
    /// <param name="Path">The field's path.</param>
    public sealed record Metadata(string Path, TextPattern Pattern) : UserCondition;

    public sealed record Created(TimeRange Range) : UserCondition;

    public sealed record LastLogin(TimeRange Range) : UserCondition;

    public sealed record NeverLoggedIn : UserCondition;

    /// <summary>A second factor that logins with the password ask for.</summary>
    public sealed record Factor : UserCondition;

    public sealed record Passkey : UserCondition;
}
