namespace Latchkey.Applications;

/// <summary>The sort orders of an application list.</summary>
public static class ApplicationSort
{
    public const string Name = "name";
    public const string Newest = "newest";
    public const string Users = "users";
    public const string Active = "active";
    public const string Status = "status";
}
