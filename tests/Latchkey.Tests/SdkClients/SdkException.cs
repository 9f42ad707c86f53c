namespace Latchkey.Tests.SdkClients;

/// <summary>What an app sees when a call of its SDK fails.</summary>
/// <param name="code">The server's code; null where the SDK cannot read the answer ("internal server error").</param>
/// <param name="answer">What the server answered.</param>
public sealed class SdkException(int? code, string answer) : Exception($"{code?.ToString() ?? "internal server error"}: {answer}")
{
    public int? Code { get; } = code;
}
