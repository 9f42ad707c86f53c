using Latchkey.Users.Passkeys;

namespace Latchkey.Portal;

/// <summary>Texts about passkeys.</summary>
public static class PasskeyTexts
{
    /// <summary>What holds the passkey, and whether other devices have it too.</summary>
    public static string Keeper(Passkey passkey)
    {
        var where = passkey.BackedUp ? "synced to other devices" : "on one device";
        return PasskeyModels.Find(passkey.Aaguid) is { } model ? $"{model}, {where}" : $"{char.ToUpperInvariant(where[0])}{where[1..]}";
    }
}
