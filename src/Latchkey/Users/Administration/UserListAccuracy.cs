namespace Latchkey.Users.Administration;

public enum UserListAccuracy
{
    /// <summary>Counted now.</summary>
    Exact,

    /// <summary>Counted in the background, some minutes ago.</summary>
    Counted,

    /// <summary>There are more, and nobody has counted them.</summary>
    AtLeast,
}
