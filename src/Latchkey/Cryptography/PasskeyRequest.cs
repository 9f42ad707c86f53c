namespace Latchkey.Cryptography;

/// <summary>
/// What an authenticator is asked to sign. It travels in a signed token and not in the database, so that asking costs nothing.
/// </summary>
/// <param name="Scope">The App Id; <c>portal</c> for portal accounts.</param>
/// <param name="Purpose">What for; it is good for nothing else.</param>
/// <param name="Subject">Who asked: a session or a login; empty for a sign-in.</param>
/// <param name="Challenge">256 random bits in base64url.</param>
/// <param name="ExpiresAt">Unix seconds.</param>
public sealed record PasskeyRequest(string Scope, string Purpose, string Subject, string Challenge, long ExpiresAt)
{
    /// <summary>The hash by which the challenge is used up.</summary>
    public string ChallengeHash => Secrets.Hash(Challenge);

    /// <summary><see cref="ExpiresAt"/> as tables have it, in Unix milliseconds.</summary>
    public long ExpiresAtMilliseconds => ExpiresAt * 1000;
}
