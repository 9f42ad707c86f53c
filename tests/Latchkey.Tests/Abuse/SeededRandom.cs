namespace Latchkey.Tests.Abuse;

/// <summary>Choices that a seed decides, so that what went wrong can be sent again.</summary>
internal sealed class SeededRandom(int seed)
{
#pragma warning disable CA5394 // to be repeated, not to be secret
    private readonly Random random = new(seed);

    public int Next(int below) => below <= 0 ? 0 : random.Next(below);

    public bool OneIn(int times) => random.Next(times) == 0;

    public T Pick<T>(params IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
#pragma warning restore CA5394

    /// <summary>The bytes cut short, or with some of them changed.</summary>
    public byte[] Corrupt(byte[] bytes)
    {
        if (bytes.Length == 0 || OneIn(3))
        {
            return bytes[..Next(bytes.Length)];
        }

        var spoiled = bytes.ToArray();
        for (var i = 0; i < 1 + (bytes.Length / 50); i++)
        {
            spoiled[Next(spoiled.Length)] = (byte)Next(256);
        }

        return spoiled;
    }
}
