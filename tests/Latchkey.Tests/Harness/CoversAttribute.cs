namespace Latchkey.Tests.Harness;

/// <summary>Names the code of the contract that a test shows being given.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CoversAttribute(int code) : Attribute
{
    public int Code { get; } = code;
}
