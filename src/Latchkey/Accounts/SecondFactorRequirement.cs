using Latchkey.Activity.Audit;
using Latchkey.Core;
using Latchkey.Data;

namespace Latchkey.Accounts;

/// <summary>
/// Whether the operator requires a second factor of every portal account. An account without one can then only set it up, from its next
/// request on.
/// </summary>
public sealed class SecondFactorRequirement(Database database, PortalSettingStore setting, InstallationLog log)
{
    public const string Optional = "optional";
    public const string Required = "required";

    private static readonly Error NoSuchChoice = ErrorCodes.InvalidData with { Message = $"Choose {Optional} or {Required}." };

    public Task<bool> IsOn() => database.Read(setting.IsSecondFactorRequired);

    /// <summary>602 for anything but <see cref="Optional"/> and <see cref="Required"/>.</summary>
    public async Task<Result<Done>> Set(string choice, Actor actor)
    {
        if (choice is not (Optional or Required))
        {
            return NoSuchChoice;
        }

        await log.Write(
            InstallationEntry.By(actor, "requireSecondFactor", $"second factor of portal accounts set to {choice}"),
            db => setting.SetSecondFactorRequired(db, choice == Required)
        );
        return default(Done);
    }
}
