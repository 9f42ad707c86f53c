using System.Data.Common;
using Dapper;

namespace Latchkey.Accounts;

/// <summary>The operator's settings for portal accounts, in the table installation.</summary>
public sealed class PortalSettingStore
{
    private const string SignUpName = "portal_sign_up";
    private const string SecondFactorName = "portal_second_factor";

    /// <summary>A <see cref="SignUpMode"/>; null when it was never set.</summary>
    public Task<string?> GetSignUpMode(DbConnection db) => Get(db, SignUpName);

    public Task SetSignUpMode(DbConnection db, string mode) => Set(db, SignUpName, mode);

    public async Task<bool> IsSecondFactorRequired(DbConnection db) => await Get(db, SecondFactorName) == SecondFactorRequirement.Required;

    public Task SetSecondFactorRequired(DbConnection db, bool isRequired) =>
        Set(db, SecondFactorName, isRequired ? SecondFactorRequirement.Required : SecondFactorRequirement.Optional);

    private static Task<string?> Get(DbConnection db, string name) =>
        db.QuerySingleOrDefaultAsync<string?>("SELECT value FROM installation WHERE name = @name", new { name });

    private static Task Set(DbConnection db, string name, string value) =>
        db.ExecuteAsync(
            "INSERT INTO installation (name, value) VALUES (@name, @value) ON CONFLICT (name) DO UPDATE SET value = @value",
            new { name, value }
        );
}
