using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Latchkey.Messages.Mail;

/// <summary>An enhanced status code (RFC 3463; registry: RFC 5248), for example 5.1.1.</summary>
/// <param name="Class">2 for success, 4 for a temporary failure, 5 for a permanent one.</param>
/// <param name="Subject">1 addresses, 2 the mailbox, 3 the mail system, 4 the network, 5 the protocol, 6 the content, 7 policy.</param>
/// <param name="Detail">The code within the subject; 0 for an unspecified one.</param>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct EnhancedStatus(int Class, int Subject, int Detail)
{
    /// <summary>Parses the code at the beginning of a reply's text; null when there is none.</summary>
    public static EnhancedStatus? Parse(string text)
    {
        var match = AtStart().Match(text);
        return match.Success ? new(Number(match, "class"), Number(match, "subject"), Number(match, "detail")) : null;
    }

    /// <summary>The code adds nothing to the reply's three-digit code.</summary>
    public bool IsUnspecific => Subject is 0 or 5 && Detail == 0;

    private static int Number(Match match, string part) => int.Parse(match.Groups[part].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<class>[245])\.(?<subject>[0-9]{1,3})\.(?<detail>[0-9]{1,3})(?![0-9.])",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex AtStart();
}
