using System.Collections.Frozen;
using Latchkey.Core;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Latchkey.Portal;

/// <summary>
/// Reads a form before the sender is authenticated. The form can take minutes to arrive, so an ended session or a removed role must
/// count. The framework would replace bytes that are not UTF-8, so that two different passwords came out alike: such a form is refused.
/// </summary>
public sealed class FormBufferingMiddleware(RequestDelegate next)
{
    private const string UrlEncoded = "application/x-www-form-urlencoded";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType && await Read(context.Request) is { } refused)
        {
            await refused.ExecuteAsync(context);
            return;
        }

        await next(context);
    }

    /// <summary>Null when the form was read, or when reading it again gives the same error.</summary>
    private static async Task<IResult?> Read(HttpRequest request)
    {
        try
        {
            if (request.ContentType?.StartsWith(UrlEncoded, StringComparison.OrdinalIgnoreCase) != true)
            {
                // The portal's own scripts send multipart, which the framework decodes: what it replaced is refused.
                var form = await request.ReadFormAsync();
                return form.All(field => field.Value.All(value => Field.IsStorable(value ?? "") && !StrictUtf8.IsDamaged(value ?? "")))
                    ? null
                    : NotAccepted();
            }

            if (
                FormDecoder.Decode(await Fields.ReadBody(request), FrozenSet<string>.Empty).Failed(out var fields, out _)
                || !fields.All(field => Field.IsStorable(field.Value))
            )
            {
                return NotAccepted();
            }

            var values = fields.GroupBy(field => field.Key, StringComparer.OrdinalIgnoreCase);
            request.HttpContext.Features.Set<IFormFeature>(
                new FormFeature(
                    new FormCollection(
                        values.ToDictionary(
                            field => field.Key,
                            field => new StringValues([.. field.Select(one => one.Value)]),
                            StringComparer.OrdinalIgnoreCase
                        )
                    )
                )
            );
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            // the body broke off, or is too large
        }

        return null;
    }

    private static IResult NotAccepted() => RejectedFormPages.NotAccepted("It contained characters that no text may have.");
}
