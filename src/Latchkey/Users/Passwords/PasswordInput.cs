namespace Latchkey.Users.Passwords;

/// <summary>The bytes to hash, and whether they are an MD5 hex.</summary>
public readonly record struct PasswordInput(byte[] Bytes, bool Prehashed)
{
    public override string ToString() => "(password)";
}
