namespace Latchkey.Operations.Overview;

/// <summary>An error code of refused calls.</summary>
/// <param name="Code">The code.</param>
/// <param name="Times">How often, in the refusals that were looked at.</param>
/// <param name="AppId">The application that has it most.</param>
/// <param name="Name">That application's name.</param>
public sealed record FailureReason(int Code, long Times, string AppId, string Name);
