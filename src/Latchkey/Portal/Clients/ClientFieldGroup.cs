using Latchkey.Portal.Settings;

namespace Latchkey.Portal.Clients;

/// <summary>Settings of a client that are shown and saved together.</summary>
/// <param name="Key">Its anchor and the name of its form.</param>
/// <param name="Lines">By the names of <see cref="Provider.Clients.ClientFields"/>.</param>
public sealed record ClientFieldGroup(string Key, string Title, string Intro, IReadOnlyList<SettingLine> Lines);
