namespace Latchkey.Api.TwoFactor;

/// <summary>A factor that was switched on.</summary>
/// <param name="RecoveryCodes">Ten codes to be shown to the user once, if it is the user's first under a policy; null otherwise.</param>
public sealed record FirstFactor(IReadOnlyList<string>? RecoveryCodes);
