namespace Latchkey.Operations.UserTransfer;

/// <summary>The names of <see cref="UserField"/> in files.</summary>
public static class UserFields
{
    public static readonly int Count = Enum.GetValues<UserField>().Length;

    private static readonly string[] Names = [.. Enum.GetNames<UserField>().Select(name => char.ToLowerInvariant(name[0]) + name[1..])];

    /// <summary>Fields that are exported only on request.</summary>
    public static bool IsHash(UserField field) => field is UserField.PasswordHash or UserField.PasswordPrehashed;

    public static bool IsSecret(UserField field) => field is UserField.TotpSeed;

    public static string Name(UserField field) => Names[(int)field];

    public static string AllNames { get; } = string.Join(", ", Names);

    public static UserField? Find(string name) =>
        Array.FindIndex(Names, known => known.Equals(name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index
            ? (UserField)index
            : null;
}
