namespace Latchkey.Api.Profile;

public sealed record UserNameAvailability(bool Available);
