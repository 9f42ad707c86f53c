using System.Globalization;
using System.Net;
using Latchkey.Applications;
using Latchkey.Core;
using Latchkey.Data;
using Latchkey.Messages.Templates;
using Latchkey.Users.LoginCodes;

namespace Latchkey.Api.LoginCodes;

/// <summary>
/// The page that the link of a login code opens where no app catches it. It shows the code, to be typed where it was asked for, and who
/// asked. It signs nobody in and changes nothing, so scanners of mails may open it.
/// </summary>
public sealed class LoginCodePages(Database database, UserLoginCodes codes)
{
    /// <summary>731 for a link that is unknown, used or expired.</summary>
    public async Task<IResult> Show(Application application, string handle, string linkToken, string locale)
    {
        if (await database.Read(db => codes.FindByLink(db, application.Id, Handle.Normalise(handle), linkToken)) is not var (request, code))
        {
            return ApiResults.From(ErrorCodes.LoginCodeEnded);
        }

        var words = MessageTemplates.LoginCodePage(locale);
        return LinkPages.Create(
            application,
            locale,
            Fill(words.Heading, application),
            $"""
            <p>{E(Fill(words.Text, application))}</p>
            <p class="code" dir="ltr">{E(code)}</p>
            <dl>
            <dt>{E(words.AskedBy)}</dt><dd><bdi>{E(BrowserName.Parse(request.UserAgent))}</bdi></dd>
            <dt>{E(words.From)}</dt><dd><bdi dir="ltr">{E(request.Client)}</bdi></dd>
            <dt>{E(words.At)}</dt><dd><bdi dir="ltr">{E(Time(request.CreatedAt))}</bdi></dd>
            </dl>
            <p>{E(Fill(words.Warning, application))}</p>
            """
        );
    }

    private static string Time(long at) =>
        DateTimeOffset.FromUnixTimeMilliseconds(at).ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Fill(string text, Application application) =>
        text.Replace("%APP_NAME%", application.Name, StringComparison.Ordinal);

    private static string E(string text) => WebUtility.HtmlEncode(text);
}
