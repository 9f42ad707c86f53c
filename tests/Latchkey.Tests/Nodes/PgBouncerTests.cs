namespace Latchkey.Tests.Nodes;

/// <summary>PgBouncer in transaction mode between the nodes and PostgreSQL.</summary>
[Collection(SerialCollection.Name)]
public sealed class PgBouncerTests(ServerFixture servers)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Everything_works_through_it_and_changed_settings_are_followed(bool listensDirectly)
    {
        Assert.SkipUnless(Engine.IsPostgres, "PgBouncer is for PostgreSQL");
        var direct = await servers.NewInstallation();
        (await direct.Run("migrate")).ShouldSucceed();
        await using var pooler = await PgBouncer.Start(servers.Cluster!);
        await using var installation = TestInstallation.Attach(
            direct.DatabaseConnection.Replace($":{servers.Cluster!.Port}/", $":{pooler.Port}/"),
            direct.DataFolder
        );
        (string, string)[] listen = listensDirectly ? [("LATCHKEY_DATABASE_LISTEN", direct.DatabaseConnection)] : [];
        await using var server = await ServerProcess.Start(installation, ["--limits", "off"], listen);
        var app = await server.CreateApp();

        await AppFlows.SendInParallel(
            8,
            async i =>
            {
                var user = await app.CreateUserByCode($"user{i}@example.com");
                (await user.Post("setLocale", new { locale = "EN" })).ShouldBeTrue();
                (await app.TryLogin($"user{i}@example.com")).ShouldBeOk();
                return await user.TryGetUser();
            }
        );
        (await app.CountUsers("user0@example.com")).ShouldBe(1);
        await app.Set("name=Renamed");
        await app.Set("name=Renamed again");
        if (!listensDirectly)
        {
            await WaitUntil.IsTrue(
                "it says that it cannot hear",
                () => Task.FromResult(server.Log.Any(line => line.Contains("LATCHKEY_DATABASE_LISTEN")))
            );
            await app.Set("name=Renamed once more");
        }
        else
        {
            server.Log.ShouldNotContain(line => line.Contains("LATCHKEY_DATABASE_LISTEN"));
        }

        server.Log.FirstOrDefault(line => line.Contains("\"Error\"")).ShouldBeNull();
    }
}
