using Dapper;
using Latchkey.Core.Configuration;
using Latchkey.Data;

namespace Latchkey.Tests.Data;

/// <summary>How PostgreSQL connections may be written.</summary>
public sealed class PostgresConnectionStringTests
{
    [Theory]
    [InlineData("postgres://ann@h1/db", "ann::db@h1:5432")]
    [InlineData("postgresql://ann:p%40ss%2Fword@h1:5433/db?sslmode=require", "ann:p@ss/word:db@h1:5433")]
    [InlineData(
        "postgres://ann:secret@h1:5432,h2:5433/db?Target Session Attributes=primary",
        "ann:secret:db@h1:5432 ann:secret:db@h2:5433"
    )]
    [InlineData("postgres://ann@h1,h2/db?target_session_attrs=read-write&connect_timeout=9", "ann::db@h1:5432 ann::db@h2:5432")]
    [InlineData("postgres://ann@[::1]:5433,[::2]/db", "ann::db@::1:5433 ann::db@::2:5432")]
    [InlineData("postgres:///db?host=/run/postgresql&user=ann", "ann::db@/run/postgresql:5432")]
    [InlineData("Host=h1:5434,h2;Port=5435;Username=ann;Password=\"a;b\";Database=db", "ann:a;b:db@h1:5434 ann:a;b:db@h2:5435")]
    public void Hosts_users_and_options_are_read(string connection, string expected)
    {
        PostgresConnectionString.IsPostgres(connection).ShouldBeTrue();
        string.Join(
                ' ',
                PostgresConnectionString
                    .ParseHosts(connection)
                    .Select(one => $"{one.Username}:{one.Password}:{one.Database}@{one.Host}:{one.Port}")
            )
            .ShouldBe(expected);
    }

    [Fact]
    public void What_is_not_said_lets_a_dead_host_be_noticed()
    {
        var address = PostgresConnectionString
            .ParseHosts("postgres://ann@h1/db?connect_timeout=9&Command Timeout=7&Maximum Pool Size=20")
            .Single();
        (address.Timeout, address.CommandTimeout, address.MaxPoolSize).ShouldBe((9, 7, 20));
        PostgresConnectionString.ParseHosts("postgres://ann@h1/db").Single().MaxPoolSize.ShouldBe(30);
        (address.TcpKeepAlive, address.TcpKeepAliveTime, address.TcpKeepAliveInterval).ShouldBe((true, 5, 1));
    }

    [Fact]
    public async Task A_server_on_the_same_machine_is_reached_by_its_Unix_socket()
    {
        Assert.SkipUnless(Engine.IsPostgres, "PostgreSQL only");
        await using var cluster = await PostgresCluster.Start();
        var byTcp = new Uri(await cluster.CreateDatabase());
        await using var database = Latchkey.Data.Database.Open(
            $"postgres:///{byTcp.AbsolutePath.TrimStart('/')}?host={cluster.SocketFolder}&user=latchkey&port={cluster.Port}"
        );
        (await database.Read(db => db.QuerySingleAsync<bool>("SELECT inet_client_addr() IS NULL"))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("postgres://ann:secret@h1/db?Target Session Attributes=standby", "accepts no writes")]
    [InlineData("postgres://ann:secret@h1,h2/db?target_session_attrs=any", "accepts no writes")]
    [InlineData("postgres://ann:secret@h1/db?colour=green", "colour")]
    [InlineData("postgres://ann:secret@h1/db?connect_timeout=soon", "LATCHKEY_DATABASE")]
    [InlineData("postgres:///db", "no host")]
    public void What_cannot_work_is_refused_without_repeating_the_password(string connection, string because)
    {
        var refused = Should.Throw<InvalidSettingException>(() => PostgresConnectionString.ParseHosts(connection));
        refused.Message.ShouldContain(because);
        refused.Message.ShouldNotContain("secret");
    }

    [Fact]
    public void Where_to_listen_is_read_at_once_and_named_by_its_setting() =>
        Should
            .Throw<InvalidSettingException>(() => new PostgresDatabase("postgres://ann@h1/db", "postgres://ann@h1/db?colour=green"))
            .Message.ShouldStartWith("LATCHKEY_DATABASE_LISTEN");

    [Theory]
    [InlineData("data/latchkey.db")]
    [InlineData("sqlite:latchkey.db")]
    public void Files_are_not_taken_for_servers(string connection) => PostgresConnectionString.IsPostgres(connection).ShouldBeFalse();
}
