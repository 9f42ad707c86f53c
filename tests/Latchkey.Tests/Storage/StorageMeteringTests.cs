using Dapper;
using Latchkey.Activity.Metering;
using Latchkey.Tests.Billing;

namespace Latchkey.Tests.Storage;

/// <summary>Bills read what an application stores. It is metered whenever it changes while billing is on.</summary>
public sealed class StorageMeteringTests(ServerFixture servers, S3Server s3) : IClassFixture<S3Server>
{
    private static readonly (string, string)[] On = [("LATCHKEY_BILLING", "on")];

    [Fact]
    public async Task What_is_stored_is_metered_with_each_file_and_with_each_removal()
    {
        var server = await servers.StartOn(await servers.NewInstallation(), environment: On);
        var app = await server.CreateApp("signupFlow=none");
        await app.SetUpStorage(s3);
        var ann = await app.CreateUser("ann@example.com");
        await ann.CreateAsset("never-uploaded.png");
        var first = await ann.Upload();
        await ann.Upload("second.png");
        (await Metered(app)).ShouldBe(StorageFlows.Picture.Length + " " + 2 * StorageFlows.Picture.Length);

        (await ann.Post("removeAsset", new { assetId = first.Id() })).ShouldBeTrue();
        await WaitUntil.IsTrue("less is metered", async () => await Newest(app) == StorageFlows.Picture.Length);
        (await ann.Post("deleteAccount", new { handle = "ann@example.com", password = App.Password })).ShouldBeTrue();
        await WaitUntil.IsTrue("nothing is metered", async () => await Newest(app) == 0);
    }

    [Fact]
    public async Task What_was_stored_before_billing_is_metered_from_the_start_that_turns_it_on()
    {
        var installation = await servers.NewInstallation();
        var server = await servers.StartOn(installation);
        var app = await server.CreateApp("signupFlow=none");
        await app.SetUpStorage(s3);
        await (await app.CreateUser("ann@example.com")).Upload();
        (await Metered(app)).ShouldBeEmpty();
        (await server.Stop()).ShouldBe(0);

        await servers.StartOn(installation, environment: On);
        await WaitUntil.IsTrue("it is metered", async () => await Newest(app) == StorageFlows.Picture.Length);
    }

    [Fact]
    public async Task Of_records_in_one_millisecond_the_last_counts_and_what_is_as_before_is_none()
    {
        await using var billing = await BillingInstallation.Create(servers, new(2028, 2, 1, 0, 0, 0, TimeSpan.Zero));
        foreach (var bytes in new long[] { 5, 7, 7, 3, 5 })
        {
            await billing.Database.Write(db => billing.Get<MeteringStore>().RecordStorage(db, "app", bytes));
        }

        var rows = await billing.Database.Read(db => db.QueryAsync<long>("SELECT bytes FROM metered_storage ORDER BY at"));
        rows.ShouldBe([5L, 7L, 3L, 5L]);
        (await billing.Database.Read(db => db.QuerySingleAsync<long>("SELECT COUNT(DISTINCT at) FROM metered_storage"))).ShouldBe(4);
    }

    private static Task<string> Metered(App app) => Query<string>(app, "SELECT COALESCE(string_agg(bytes, ' '), '')", "ORDER BY at, id");

    private static Task<long> Newest(App app) => Query<long>(app, "SELECT COALESCE(MAX(bytes), -1)", "ORDER BY at DESC, id DESC LIMIT 1");

    private static Task<T> Query<T>(App app, string select, string order) =>
        app.Installation.Query<T>(
            $"{select} FROM (SELECT CAST(bytes AS {(typeof(T) == typeof(string) ? "TEXT" : "BIGINT")}) AS bytes FROM metered_storage "
                + $"WHERE app_id = @Id {order}) rows",
            new { app.Id }
        );
}
