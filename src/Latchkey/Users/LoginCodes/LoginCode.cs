namespace Latchkey.Users.LoginCodes;

/// <summary>A request to sign in by a code, and the code that was sent for it.</summary>
public sealed record LoginCode
{
    public string Id { get; init; } = "";

    public string AppId { get; init; } = "";

    /// <summary>An e-mail address, or a phone number in E.164; both normalised.</summary>
    public string Handle { get; init; } = "";

    public string HandleKey => Core.Handle.KeyOf(Handle);

    /// <summary>Whether the code goes to a phone.</summary>
    public bool IsSms => !Handle.Contains('@', StringComparison.Ordinal);

    /// <summary>To whom the code was sent; null for nobody, and for an address without an account.</summary>
    public string? UserId { get; init; }

    /// <summary>The hash of the request token, which only the requesting app has.</summary>
    public string RequestHash { get; init; } = "";

    /// <summary>The keyed hash of the six digits; empty while no code was sent, and then nothing matches.</summary>
    public string CodeHash { get; init; } = "";

    /// <summary>The hash of the token in the link that is sent with the code; empty as <see cref="CodeHash"/>.</summary>
    public string LinkHash { get; init; } = "";

    /// <summary>The requesting network.</summary>
    public string Network { get; init; } = "";

    /// <summary>The address of the client that requested it.</summary>
    public string Client { get; init; } = "";

    /// <summary>What that client says of itself.</summary>
    public string UserAgent { get; init; } = "";

    /// <summary>The language of the message to an address without an account, and of its user.</summary>
    public string Locale { get; init; } = "";

    /// <summary>The user fields of whoever signs up, a JSON document; null if required fields are missing.</summary>
    public string? Metadata { get; init; }

    /// <summary>The anonymous user who signs up; null for none.</summary>
    public string? UpgradesUserId { get; init; }

    public int Tries { get; init; }

    public long CreatedAt { get; init; }

    public long ExpiresAt { get; init; }

    public long? UsedAt { get; init; }
}
