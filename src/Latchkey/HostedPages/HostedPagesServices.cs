using Latchkey.HostedPages.Account;
using Latchkey.HostedPages.Providers;
using Latchkey.Provider.Pages;

namespace Latchkey.HostedPages;

/// <summary>The pages on which users of an application sign in.</summary>
public static class HostedPagesServices
{
    public static IServiceCollection AddHostedPages(this IServiceCollection services) =>
        services
            .AddSingleton<FormGuard>()
            .AddSingleton<LoginView>()
            .AddSingleton<ISignInPreview, SignInPreview>()
            .AddSingleton<FactorView>()
            .AddSingleton<DeviceView>()
            .AddSingleton<SignUpView>()
            .AddSingleton<ResetView>()
            .AddSingleton<PasskeyParts>()
            .AddSingleton<PageCookies>()
            .AddSingleton<AccountNotes>()
            .AddSingleton<AccountSteps>()
            .AddSingleton<AccountView>()
            .AddSingleton<PageRequests>()
            .AddSingleton<PageSignIn>()
            .AddSingleton<PasswordSignIn>()
            .AddSingleton<CodeSignIn>()
            .AddSingleton<PasskeySignIn>()
            .AddSingleton<PageSignUp>()
            .AddSingleton<PageReset>()
            .AddSingleton<FactorSignIn>()
            .AddSingleton<ViaView>()
            .AddSingleton<ViaStart>()
            .AddSingleton<ViaFinish>()
            .AddSingleton<ViaPending>()
            .AddSingleton<ViaSignUp>()
            .AddSingleton<ViaOffer>();
}
