using Latchkey.Cryptography;

namespace Latchkey.Applications.Credentials;

/// <summary>Credentials that were just made.</summary>
/// <param name="Key">The signing key as it is stored.</param>
/// <param name="Token">What the App Token says.</param>
/// <param name="AppToken">The App Token as apps carry it.</param>
/// <param name="AppSecret">Shown once; only its hash is stored.</param>
public sealed record NewCredentials(SigningKeyRow Key, AppToken Token, string AppToken, string AppSecret);
