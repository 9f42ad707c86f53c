namespace Latchkey.Api.Authentication;

public enum TokenKind
{
    /// <summary>app-token.</summary>
    App,

    /// <summary>app-token, or an access-token that then only names its application.</summary>
    AppOrAccess,

    /// <summary>app-token as a header, or <c>?appToken=</c> where a link or its page's form needs it, or an access-token.</summary>
    HeaderOrQuery,

    /// <summary>access-token of a live session.</summary>
    Access,

    /// <summary>access-token of a live session, or an app-secret.</summary>
    AccessOrSecret,

    /// <summary>app-secret.</summary>
    Secret,
}
