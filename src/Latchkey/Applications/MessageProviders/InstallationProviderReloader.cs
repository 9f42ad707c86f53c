using System.Threading.Channels;
using Latchkey.Data;

namespace Latchkey.Applications.MessageProviders;

/// <summary>Reads the providers anew after another process changed them (<see cref="ApplicationChangeListener"/>).</summary>
public sealed class InstallationProviderReloader(InstallationProviders providers, Database database, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(500);
    private readonly Channel<bool> changes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );

    /// <summary>They may have changed.</summary>
    public void Invalidate() => changes.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var _ in changes.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await providers.Load();
            }
            catch (Exception e) when (database.Dialect.IsTransient(e))
            {
                await Task.Delay(RetryAfter, clock, stoppingToken);
                Invalidate();
            }
        }
    }
}
