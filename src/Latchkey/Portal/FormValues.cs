namespace Latchkey.Portal;

/// <summary>
/// The fields of the form that was posted, as text. What is missing is empty; of a repeated field (a switch), the last counts. What
/// comes with another method is not looked at: nobody has judged it.
/// </summary>
public sealed class FormValues(HttpRequest request)
{
    public string this[string name] => HttpMethods.IsPost(request.Method) && request.HasFormContentType ? Text(request.Form, name) : "";

    public bool IsOn(string name) => this[name] == "1";

    /// <summary>A field of a form that somebody has judged.</summary>
    public static string Text(IFormCollection form, string name) =>
        form[name] is [.., { } last]
            ? last.Replace("\r\n", "\n", StringComparison.Ordinal) // which HTML makes of a line break
            : "";

    public static string Query(HttpRequest request, string name) => request.Query[name] is [.., { } last] ? Storable(last) : "";

    /// <summary>PostgreSQL stores no NUL and Unicode normalisation takes no U+FFFE, and nobody types them.</summary>
    private static string Storable(string text) => text.Replace('\0', '\uFFFD').Replace('\uFFFE', '\uFFFD').ReplaceLineEndings("\n");
}
