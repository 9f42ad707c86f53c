namespace Latchkey.Portal;

/// <summary>
/// Reads a form before the sender is authenticated. The form can take minutes to arrive, so an ended session or a removed role must
/// count.
/// </summary>
public sealed class FormBufferingMiddleware(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType)
        {
            try
            {
                await context.Request.ReadFormAsync();
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                // reading the form again gives the same error
            }
        }

        await next(context);
    }
}
