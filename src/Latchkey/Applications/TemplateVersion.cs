namespace Latchkey.Applications;

/// <summary>A saved version of an application's own template. Of a template that is in use, the highest version is its text.</summary>
public sealed record TemplateVersion
{
    /// <summary>1 for the first that was saved, of each locale and kind.</summary>
    public long Version { get; init; }

    public string Subject { get; init; } = "";

    public string ReplyTo { get; init; } = "";

    /// <summary>Empty in a list, as the other texts.</summary>
    public string Html { get; init; } = "";

    public string LinkText { get; init; } = "";

    /// <summary>The earlier version that this one repeats; null for none.</summary>
    public long? RestoredFrom { get; init; }

    /// <summary>Who saved it; empty where nobody knows any more.</summary>
    public string Actor { get; init; } = "";

    public long SavedAt { get; init; }

    /// <summary>The template as this version had it.</summary>
    public TemplateRow ToTemplate(string appId, string locale, string kind) =>
        new()
        {
            AppId = appId,
            Locale = locale,
            Kind = kind,
            Subject = Subject,
            ReplyTo = ReplyTo,
            Html = Html,
            LinkText = LinkText,
            UpdatedAt = SavedAt,
        };
}
