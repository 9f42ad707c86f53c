using Latchkey.Api.Authentication;
using Latchkey.Api.Invitations;
using Latchkey.Api.Linking;
using Latchkey.Api.Login;
using Latchkey.Api.LoginCodes;
using Latchkey.Api.Passkeys;
using Latchkey.Api.PasswordReset;
using Latchkey.Api.Profile;
using Latchkey.Api.Server;
using Latchkey.Api.Sessions;
using Latchkey.Api.Signup;
using Latchkey.Api.SocialLogin;
using Latchkey.Api.TwoFactor;
using Latchkey.Data;
using Latchkey.Jobs;

namespace Latchkey.Api;

/// <summary>The APIs for apps and their servers.</summary>
public static class ApiServices
{
    public static IServiceCollection AddApi(this IServiceCollection services) =>
        services
            .AddSingleton<LegacyTokens>()
            .AddSingleton<UnknownCredentials>()
            .AddSingleton<TokenResolver>()
            .AddSingleton<SignupRequests>()
            .AddSingleton<SignupMailer>()
            .AddSingleton<IDeferredWork>(services => services.GetRequiredService<SignupMailer>())
            .AddSingleton<SignupRules>()
            .AddSingleton<SignupCompletion>()
            .AddSingleton<SignupPages>()
            .AddSingleton<InvitationCodes>()
            .AddSingleton<InvitationMailer>()
            .AddSingleton<IDeferredWork>(services => services.GetRequiredService<InvitationMailer>())
            .AddSingleton<InviteRules>()
            .AddSingleton<RegisterRules>()
            .AddSingleton<InvitationAdministration>()
            .AddSingleton<ForgotPassword>()
            .AddSingleton<IDeferredWork>(services => services.GetRequiredService<ForgotPassword>())
            .AddSingleton<ResetPassword>()
            .AddSingleton<ProviderKeyCache>()
            .AddSingleton<IdTokenValidator>()
            .AddSingleton<SocialUsers>()
            .AddSingleton<OwnIdToken>()
            .AddSingleton<UsedIdTokens>()
            .AddRetention<UsedIdTokens>((used, run) => run.RemoveInBatches(db => used.RemoveExpired(db, run.Now, RetentionRun.BatchSize)))
            .AddSingleton<IdentitySignIn>()
            .AddSingleton<IdentityRegistration>()
            .AddSingleton<SocialRules>()
            .AddSingleton<PasskeyRegistration>()
            .AddSingleton<PasskeyLogin>()
            .AddSingleton<PasskeyDeletion>()
            .AddSingleton<NewPasskeys>()
            .AddSingleton<PasskeyFactor>()
            .AddSingleton<AddressChangeRequest>()
            .AddSingleton<AddressChange>()
            .AddSingleton<GoogleTwoFactor>()
            .AddSingleton<AuthenticatorSetup>()
            .AddSingleton<PhoneTwoFactor>()
            .AddSingleton<LastFactor>()
            .AddSingleton<FactorSms>()
            .AddSingleton<FactorCodes>()
            .AddSingleton<SecondFactor>()
            .AddSingleton<LoginFactor>()
            .AddSingleton<EnrollmentStart>()
            .AddSingleton<Enrollment>()
            .AddSingleton<RecoveryCodeRules>()
            .AddSingleton<SessionProof>()
            .AddSingleton<FactorStepUp>()
            .AddSingleton<StepUpRules>()
            .AddSingleton<SecondFactorAttempts>()
            .AddSingleton<LoginCompletion>()
            .AddSingleton<LoginAttempts>()
            .AddSingleton<PasswordProof>()
            .AddSingleton<StepUp>()
            .AddSingleton<LoginRules>()
            .AddSingleton<AnonymousLogin>()
            .AddSingleton<LoginCodeSender>()
            .AddSingleton<LoginCodeRequests>()
            .AddSingleton<IDeferredWork>(services => services.GetRequiredService<LoginCodeRequests>())
            .AddSingleton<LoginCodeAttempts>()
            .AddSingleton<LoginCodeSignIn>()
            .AddSingleton<LoginCodeSignup>()
            .AddSingleton<LoginCodeCompletion>()
            .AddSingleton<LoginCodePages>()
            .AddSingleton<MailStepUp>()
            .AddSingleton<LinkRules>()
            .AddSingleton<RefreshRules>()
            .AddSingleton<GrantRotation>()
            .AddSingleton<RefreshNotices>()
            .AddSingleton<ProfileRules>()
            .AddSingleton<ChangePassword>()
            .AddSingleton<DeleteAccount>()
            .AddSingleton<TokenVerification>();
}
