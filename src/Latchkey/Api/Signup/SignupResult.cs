namespace Latchkey.Api.Signup;

/// <summary>How a signup went on.</summary>
public abstract record SignupResult;
