using System.Text.Json;

namespace Latchkey.Applications.Realm;

/// <param name="Json">Undefined when a failed response was not JSON; null when it was empty.</param>
public sealed record AppServicesResponse(int Status, JsonElement Json)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}
