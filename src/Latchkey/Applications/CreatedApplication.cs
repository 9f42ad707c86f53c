namespace Latchkey.Applications;

/// <summary>A new application's credentials. The App Secret is shown only once; only its hash is stored.</summary>
public sealed record CreatedApplication(ApplicationRow Row, string AppToken, string AppSecret, string PublicKey);
