namespace Latchkey.Api.TwoFactor;

/// <summary>A try of a second factor's code, as <see cref="SecondFactorAttempts"/> counts it.</summary>
/// <param name="Purpose">The <see cref="Users.Sessions.CodePurpose"/> of codes by SMS.</param>
public sealed record FactorAttempt(string AppId, string UserId, string Purpose, FactorMethod Method);
