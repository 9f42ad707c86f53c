namespace Latchkey.Messages.Templates;

/// <summary>A language that an application may offer.</summary>
/// <param name="Code">As users choose it: upper-case, with the region where it matters.</param>
/// <param name="EnglishName">Its name in English.</param>
/// <param name="NativeName">Its name in itself.</param>
public sealed record Language(string Code, string EnglishName, string NativeName);
