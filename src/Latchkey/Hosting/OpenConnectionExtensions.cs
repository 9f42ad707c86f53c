namespace Latchkey.Hosting;

public static class OpenConnectionExtensions
{
    /// <summary>Marks a connection as busy while a request is in progress, so that the response is sent before it is closed.</summary>
    public static void UseOpenConnections(this WebApplication app) =>
        app.Use(
            async (context, next) =>
            {
                var connection = context.Features.Get<OpenConnection>();
                connection?.BeginRequest();
                try
                {
                    await next(context);
                }
                finally
                {
                    connection?.EndRequest();
                }
            }
        );
}
