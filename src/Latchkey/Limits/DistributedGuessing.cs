namespace Latchkey.Limits;

/// <summary>
/// Limits failures at one handle from many unknown networks. After <paramref name="FreeAttempts"/> failures from
/// <paramref name="Networks"/> networks in the window, each further one has a delay for all of them: <paramref name="InitialDelay"/>,
/// doubling up to 30 times as long.
/// </summary>
public sealed record DistributedGuessing(string Name, int FreeAttempts, int Networks, TimeSpan InitialDelay, TimeSpan Window) : Limit(Name);
