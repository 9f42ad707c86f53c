using System.Text.Json;

namespace Latchkey.BrowserTests.Harness;

/// <summary>An application of its own, and its settings as apps read them.</summary>
public abstract class SettingsPageTest(BrowserFixture installation) : IAsyncLifetime
{
    protected BrowserFixture Installation => installation;

    protected IPage Page { get; private set; } = null!;

    protected CreatedApplication App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Page = await installation.SignedIn();
        App = await Page.CreateApplication("Settings");
    }

    public async ValueTask DisposeAsync()
    {
        await Page.Context.CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected async Task<JsonElement> Settings() => JsonDocument.Parse(await installation.Api(App.AppToken, "getApplication")).RootElement;
}
