using Latchkey.Users.Sessions;

namespace Latchkey.Users.Administration;

/// <summary>What a user has besides the factors themselves.</summary>
/// <param name="RecoveryCodesLeft">Unused recovery codes; 0 for a user without a factor.</param>
/// <param name="Devices">The remembered devices, newest first.</param>
public sealed record FactorStatus(int RecoveryCodesLeft, IReadOnlyList<RememberedDevice> Devices);
