namespace Latchkey.Operations.UserTransfer;

/// <summary>The format of an export: CSV or JSON lines.</summary>
public interface IUserWriter : IDisposable
{
    Task Begin();

    /// <param name="totpSeed">Base32; null unless secrets are exported and the user has one.</param>
    Task Write(ExportedUser exported, string? totpSeed);

    Task End();
}
