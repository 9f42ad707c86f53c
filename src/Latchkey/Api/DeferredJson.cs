using System.Text.Json.Serialization;
using Latchkey.Api.Invitations;
using Latchkey.Api.LoginCodes;
using Latchkey.Api.PasswordReset;
using Latchkey.Api.Signup;

namespace Latchkey.Api;

[JsonSerializable(typeof(DeferredReset))]
[JsonSerializable(typeof(DeferredInvitation))]
[JsonSerializable(typeof(DeferredSignup))]
[JsonSerializable(typeof(DeferredLoginCode))]
internal sealed partial class DeferredJson : JsonSerializerContext;
