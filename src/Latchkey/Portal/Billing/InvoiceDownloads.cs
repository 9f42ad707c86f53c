using Latchkey.Accounts;
using Latchkey.Billing.Accounts;
using Latchkey.Billing.Invoices;
using Latchkey.Core;
using Latchkey.Core.Configuration;
using Microsoft.AspNetCore.Http.Features;

namespace Latchkey.Portal.Billing;

/// <summary>Invoices as PDF, HTML and CSV: for the developers of the billing account, and for operators.</summary>
public static class InvoiceDownloads
{
    /// <summary>The page has its style inside, and nothing else may load or run.</summary>
    private const string HtmlPolicy =
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    public static void MapInvoiceDownloads(this IEndpointRouteBuilder routes)
    {
        var portal = routes.MapGroup(PortalServices.Path).RequireAuthorization(PortalAccessRequirement.Policy).ExcludeFromDescription();
        portal.MapGet("billing/{accountId}/invoices/{invoiceId}/file/{format}", OfDeveloper);
        portal.MapGet("operator/billing/invoices/{invoiceId}/file/{format}", OfOperator);
    }

    private static async Task<IResult> OfDeveloper(
        string accountId,
        string invoiceId,
        string format,
        BillingAccountRules accounts,
        InvoiceRules invoices,
        InstallationSettings installation,
        HttpContext context
    )
    {
        var developer = context.Features.GetRequiredFeature<Developer>();
        return
            installation.Billing is not null
            && (await accounts.FindForDeveloper(accountId, developer.Id)).Succeeded
            && await invoices.Find(accountId, invoiceId) is { Value: { Number: not null } invoice }
            ? await Send(invoice, format, invoices, context)
            : TypedResults.NotFound();
    }

    private static async Task<IResult> OfOperator(
        string invoiceId,
        string format,
        InvoiceRules invoices,
        InstallationSettings installation,
        HttpContext context
    ) =>
        installation.Billing is not null && await invoices.Find(invoiceId) is { Value: { } invoice }
            ? await Send(invoice, format, invoices, context)
            : TypedResults.NotFound();

    private static async Task<IResult> Send(Invoice invoice, string format, InvoiceRules invoices, HttpContext context)
    {
        if (!InvoiceFile.Formats.Contains(format, StringComparer.Ordinal))
        {
            return TypedResults.NotFound();
        }

        if (InvoiceFile.Of(await invoices.Document(invoice), format).Failed(out var file, out var refused))
        {
            return TypedResults.Text(refused.Message, statusCode: StatusCodes.Status422UnprocessableEntity);
        }

        if (format == "html")
        {
            context.Response.Headers.ContentSecurityPolicy = HtmlPolicy;
            return TypedResults.Bytes(file.Content, file.ContentType);
        }

        return TypedResults.Bytes(file.Content, file.ContentType, file.Name);
    }
}
