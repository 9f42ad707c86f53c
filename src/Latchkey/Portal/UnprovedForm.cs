using Latchkey.Core;

namespace Latchkey.Portal;

/// <summary>
/// A form that came without a fresh proof, so that nothing of it was done. Its page is shown as if it was opened, with what was typed, and
/// asks for the proof (<see cref="StepUpMiddleware"/>).
/// </summary>
/// <param name="Fields">As they were sent.</param>
/// <param name="Refused">Why the proof that came with it is none; null if none came.</param>
public sealed record UnprovedForm(IFormCollection Fields, Error? Refused);
