namespace Latchkey.Applications;

public static class ApplicationType
{
    public const string Development = "development";
    public const string Commercial = "commercial";
}
