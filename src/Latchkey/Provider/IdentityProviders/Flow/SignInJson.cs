using System.Text.Json.Serialization;

namespace Latchkey.Provider.IdentityProviders.Flow;

/// <summary>The JSON inside sealed rows and addresses.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(BegunSignIn))]
[JsonSerializable(typeof(PendingIdentity))]
[JsonSerializable(typeof(AppTicket))]
[JsonSerializable(typeof(Dictionary<string, string>))]
public sealed partial class SignInJson : JsonSerializerContext;
