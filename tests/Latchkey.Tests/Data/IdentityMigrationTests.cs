using Dapper;
using Latchkey.Data;
using Latchkey.Tests.Api.Linking;
using Latchkey.Tests.Api.SocialLogin;

namespace Latchkey.Tests.Data;

/// <summary>Users of Apple and Google of an earlier release, whose subject was a column of users, are known by it after the upgrade.</summary>
public sealed class IdentityMigrationTests(SocialLoginFixture social) : IClassFixture<SocialLoginFixture>
{
    private const string Ann = "ann@example.com";

    [Fact]
    public async Task Subjects_move_into_a_table_of_their_own()
    {
        var app = await social.CreateApp("signupFlow=none");
        var ann = app.ParseTokens(await app.SocialSignup("apple", social.Provider.Token("apple", Ann, "ann-1"), Ann));
        var bob = await app.CreateUser("bob@example.com");
        var database = await app.Installation.Get<Database>();
        await database.Write(async db =>
        {
            await db.ExecuteAsync("UPDATE users SET provider_subject = 'ann-1' WHERE app_id = @Id AND handle = @Ann", new { app.Id, Ann });
            await db.ExecuteAsync("DROP TABLE user_identities");
            await db.ExecuteAsync(
                Migrator.ScriptTexts(database.Dialect.Name).Single(script => script.Contains("CREATE TABLE user_identities"))
            );
        });

        (await ann.LinkedAccounts()).ShouldBe([$"apple {Ann}"]);
        (await bob.LinkedAccounts()).ShouldBeEmpty();
        app.ParseTokens(await app.SocialLogin("apple", social.Provider.Token("apple", "new@example.com", "ann-1"))).Id().ShouldBe(ann.Id());
    }
}
