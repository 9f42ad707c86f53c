using Latchkey.Cryptography;

namespace Latchkey.Applications.Credentials;

/// <summary>New credentials.</summary>
/// <param name="Key">The signing key as stored.</param>
/// <param name="Token">The App Token's data.</param>
/// <param name="AppToken">The App Token as text.</param>
/// <param name="AppSecret">Shown only once; only its hash is stored.</param>
public sealed record NewCredentials(SigningKeyRow Key, AppToken Token, string AppToken, string AppSecret);
