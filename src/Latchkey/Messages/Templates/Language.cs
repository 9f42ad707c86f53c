namespace Latchkey.Messages.Templates;

/// <summary>A language that an application may offer.</summary>
/// <param name="Code">Upper-case code, with a region where needed.</param>
/// <param name="EnglishName">Name in English.</param>
/// <param name="NativeName">Name in the language itself.</param>
public sealed record Language(string Code, string EnglishName, string NativeName);
