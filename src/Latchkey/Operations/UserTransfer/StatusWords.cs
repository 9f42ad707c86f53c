using Latchkey.Users;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Parses the words that systems use for the status of a user.</summary>
public static class StatusWords
{
    /// <summary>Active, but the address is not confirmed.</summary>
    public const string Unconfirmed = "unconfirmed";

    private static readonly string[] Active =
    [
        "active",
        "activated",
        "enabled",
        "true",
        "1",
        "ok",
        "normal",
        "verified",
        "approved",
        "confirmed",
        "recovery",
        "password_expired",
        "reset_required",
        "force_change_password",
        "external_provider",
    ];

    private static readonly string[] Suspended =
    [
        "suspend",
        "suspended",
        "inactive",
        "disabled",
        "false",
        "0",
        "blocked",
        "banned",
        "locked",
        "locked_out",
        "deactivated",
        "deprovisioned",
        "archived",
        "compromised",
        "deleted",
        "trash",
        "spam",
    ];

    /// <summary>active, suspend or <see cref="Unconfirmed"/>; null for another word, such as pending.</summary>
    public static string? Read(string text) =>
        Active.Contains(text, StringComparer.OrdinalIgnoreCase) ? UserStatus.Active
        : Suspended.Contains(text, StringComparer.OrdinalIgnoreCase) ? UserStatus.Suspended
        : text.Equals(Unconfirmed, StringComparison.OrdinalIgnoreCase) ? Unconfirmed
        : text.Equals("unverified", StringComparison.OrdinalIgnoreCase) ? Unconfirmed
        : null;
}
