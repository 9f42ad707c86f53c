namespace Latchkey.Tests.Harness;

/// <summary>Standard input for commands that run in this process, each parallel test with its own.</summary>
public sealed class StandardInput : TextReader
{
    private static readonly AsyncLocal<StringReader?> Current = new();

    static StandardInput() => Console.SetIn(new StandardInput());

    /// <summary>What the commands of this test read until the answer is disposed.</summary>
    public static StringReader SetInput(string? text)
    {
        Current.Value = new StringReader(text ?? "");
        return Current.Value;
    }

    public override int Read() => Current.Value?.Read() ?? -1;

    public override int Peek() => Current.Value?.Peek() ?? -1;
}
