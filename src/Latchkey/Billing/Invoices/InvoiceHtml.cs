using System.Net;
using System.Text;

namespace Latchkey.Billing.Invoices;

/// <summary>
/// An invoice as one HTML page in its language: no script, nothing loaded from elsewhere, dark on dark screens, and made for printing.
/// </summary>
public static class InvoiceHtml
{
    private const string Style = """
        :root{color-scheme:light dark;--ink:#22201c;--quiet:#625c52;--rule:#d9d4ca;--paper:#fff;--mark:#f3f1ec}
        @media screen and (prefers-color-scheme:dark){:root{--ink:#eceae5;--quiet:#b4aea3;--rule:#4a463f;--paper:#1c1a17;--mark:#2a2723}}
        @page{size:A4;margin:18mm 16mm}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:2.5rem 1.5rem;max-width:52rem;background:var(--paper);color:var(--ink);
          font:0.9375rem/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
        header{display:flex;flex-wrap:wrap;gap:1.5rem 3rem;justify-content:space-between}
        header>*{flex:1 1 16rem}
        h1{margin:0 0 0.5rem;font-size:1.75rem;line-height:1.2}
        h2{margin:2rem 0 0.25rem;font-size:0.8125rem;font-weight:600;color:var(--quiet)}
        p{margin:0}
        .party p:first-of-type{font-weight:600}
        dl{display:grid;grid-template-columns:auto 1fr;gap:0.125rem 1rem;margin:0}
        dt,.quiet,td small{color:var(--quiet)}
        dd{margin:0}
        .status{margin:2rem 0 0;padding:0.75rem 1rem;background:var(--mark);border-radius:0.5rem;font-weight:600}
        table{width:100%;margin:2rem 0 0;border-collapse:collapse}
        th,td{padding:0.375rem 0;text-align:end;vertical-align:top;border-bottom:1px solid var(--rule)}
        th:first-child,td:first-child{padding-inline-start:0;text-align:start}
        th+th,td+td{padding-inline:1rem 0;white-space:nowrap;font-variant-numeric:tabular-nums}
        thead th{font-size:0.8125rem;font-weight:600;color:var(--quiet);white-space:normal;vertical-align:bottom}
        tbody th{padding-top:1rem;font-weight:600}
        td small{display:block}
        tr,footer{break-inside:avoid}
        tbody tr:first-child{break-after:avoid}
        tfoot th,tfoot td{border-bottom:0;font-weight:400}
        tfoot{display:table-row-group}
        tfoot tr:last-child>*{font-size:1.0625rem;font-weight:700;border-top:2px solid var(--ink)}
        @media print{body{padding:0;max-width:none;font-size:9.5pt}}
        """;

    public static string Render(InvoiceDocument document)
    {
        var invoice = PrintedInvoice.Of(document, document.Language);
        var title = $"{invoice.Title} {document.Number}".TrimEnd();
        return $"""
            <!doctype html>
            <html lang="{Encode(LanguageOf(document))}" dir="{invoice.Text.Direction}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="robots" content="noindex">
            <title>{Encode(title)}</title>
            <style>
            {Style}
            </style>
            </head>
            <body>
            <main>
            <header>
            <div class="party">{Lines(invoice.Seller)}</div>
            <div><h1>{Encode(invoice.Title)}</h1><dl>{Facts(invoice.Facts)}</dl></div>
            </header>
            <section class="party"><h2>{Encode(invoice.Text.BilledTo)}</h2>{Lines(invoice.Buyer)}</section>
            {(invoice.Status is { } status ? $"<p class=\"status\">{Encode(status)}</p>" : "")}
            {Table(invoice)}
            {Instructions(invoice)}
            </main>
            </body>
            </html>

            """;
    }

    /// <summary>The language of the words: English when there are no texts in the document's.</summary>
    private static string LanguageOf(InvoiceDocument document) =>
        Messages.Templates.MessageTemplates.BaseLocaleOf(document.Language) is var spoken
        && document.Language.StartsWith(spoken, StringComparison.Ordinal)
            ? document.Language.ToLowerInvariant()
            : spoken.ToLowerInvariant();

    private static string Table(PrintedInvoice invoice)
    {
        var html = new StringBuilder();
        html.Append("<table><thead><tr>");
        foreach (var title in (string[])[invoice.Text.Description, invoice.Text.Quantity, invoice.Text.UnitPrice, invoice.AmountTitle])
        {
            html.Append("<th scope=\"col\">").Append(Encode(title)).Append("</th>");
        }

        html.Append("</tr></thead>\n");
        foreach (var group in invoice.Groups)
        {
            html.Append("<tbody><tr><th scope=\"rowgroup\" colspan=\"4\"><bdi>")
                .Append(Encode(group.Application))
                .Append("</bdi></th></tr>\n");
            html.AppendJoin("\n", group.Lines.Select(Row)).Append("</tbody>\n");
        }

        html.Append("<tfoot>");
        foreach (var total in invoice.Totals)
        {
            html.Append("<tr><th scope=\"row\" colspan=\"3\">").Append(Encode(total.Name));
            html.Append("</th><td>").Append(Number(total.Value)).Append("</td></tr>\n");
        }

        return html.Append("</tfoot></table>").ToString();
    }

    private static string Row(PrintedLine line) =>
        $"<tr><td>{Encode(line.Description)}{string.Concat(line.Notes.Select(note => $"<small><bdi>{Encode(note)}</bdi></small>"))}</td>"
        + $"<td>{Number(line.Quantity)}</td><td>{Number(line.UnitPrice)}</td><td>{Number(line.Amount)}</td></tr>";

    private static string Instructions(PrintedInvoice invoice) =>
        invoice.Instructions.Count == 0
            ? ""
            : $"<footer><h2>{Encode(invoice.InstructionsTitle)}</h2>{Lines(invoice.Instructions)}</footer>";

    private static string Facts(IEnumerable<PrintedValue> facts) =>
        string.Concat(facts.Select(fact => $"<dt>{Encode(fact.Name)}</dt><dd><bdi>{Encode(fact.Value)}</bdi></dd>"));

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => $"<p><bdi>{Encode(line)}</bdi></p>"));

    /// <summary>Numbers run from left to right in every language.</summary>
    private static string Number(string text) => $"<bdi dir=\"ltr\">{Encode(text)}</bdi>";

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
