namespace Latchkey.Api.Signup;

/// <summary>A mail is on its way; the wire's <c>true</c>.</summary>
/// <param name="Draft">What waits for the owner of the address, to ask for another mail with.</param>
public sealed record MailSent(SignupDraft Draft) : SignupResult;
