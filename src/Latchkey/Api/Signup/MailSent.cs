namespace Latchkey.Api.Signup;

/// <summary>A mail is on its way; the wire's <c>true</c>.</summary>
public sealed record MailSent : SignupResult;
