namespace Latchkey.Api.Signup;

/// <summary>The result of a signup.</summary>
public abstract record SignupResult;
