namespace Latchkey.Api.Authentication;

public enum TokenKind
{
    /// <summary>app-token, or an access-token alone, which then only names its application.</summary>
    AppOrAccess,

    /// <summary>As <see cref="AppOrAccess"/>, and the header access-token may hold an App Token too.</summary>
    AppInEitherHeader,

    /// <summary>As <see cref="AppInEitherHeader"/>, or <c>?appToken=</c> where a link or its page's form needs it.</summary>
    HeaderOrQuery,

    /// <summary>access-token of a live session.</summary>
    Access,

    /// <summary>access-token of a live session, or an app-secret.</summary>
    AccessOrSecret,

    /// <summary>app-secret.</summary>
    Secret,
}
