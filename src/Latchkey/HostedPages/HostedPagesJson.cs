using System.Text.Json.Serialization;
using Latchkey.HostedPages.Account;

namespace Latchkey.HostedPages;

/// <summary>The JSON inside the pages' cookies.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PageNote))]
[JsonSerializable(typeof(SignInStep))]
[JsonSerializable(typeof(MailedStep))]
[JsonSerializable(typeof(AccountNote))]
[JsonSerializable(typeof(AccountStep))]
public sealed partial class HostedPagesJson : JsonSerializerContext;
