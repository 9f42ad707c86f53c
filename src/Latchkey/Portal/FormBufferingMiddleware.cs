namespace Latchkey.Portal;

/// <summary>
/// Reads a form before anybody asks who sends it: it may take minutes to come, and a session that ended meanwhile, or a role that was
/// taken, shall count.
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
                // whoever needs the form is told the same when it is asked for
            }
        }

        await next(context);
    }
}
