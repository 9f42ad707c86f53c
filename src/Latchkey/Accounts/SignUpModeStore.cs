using System.Data.Common;
using Dapper;

namespace Latchkey.Accounts;

/// <summary>Stores the installation's <see cref="SignUpMode"/>.</summary>
public sealed class SignUpModeStore
{
    private const string Name = "portal_sign_up";

    public Task<string?> GetMode(DbConnection db) =>
        db.QuerySingleOrDefaultAsync<string>($"SELECT value FROM installation WHERE name = '{Name}'");

    public Task SetMode(DbConnection db, string mode) =>
        db.ExecuteAsync(
            $"INSERT INTO installation (name, value) VALUES ('{Name}', @mode) ON CONFLICT (name) DO UPDATE SET value = @mode",
            new { mode }
        );
}
