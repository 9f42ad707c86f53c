using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Latchkey.Core.Configuration;
using Npgsql;

namespace Latchkey.Data;

/// <summary>
/// Parses PostgreSQL connection strings: <c>postgres://user:password@host:port,host/name?option=value</c>, or Npgsql's
/// <c>Host=…;Database=…</c>. Several hosts are replicas of one database, with one primary.
/// </summary>
internal static partial class PostgresConnectionString
{
    private static readonly string[] Primary = ["primary", "read-write", "readwrite"];

    /// <summary>Options under the names that psql and other libpq clients use.</summary>
    private static readonly Dictionary<string, string> LibpqOptionNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["target_session_attrs"] = nameof(NpgsqlConnectionStringBuilder.TargetSessionAttributes),
        ["connect_timeout"] = nameof(NpgsqlConnectionStringBuilder.Timeout),
        ["application_name"] = nameof(NpgsqlConnectionStringBuilder.ApplicationName),
        ["dbname"] = nameof(NpgsqlConnectionStringBuilder.Database),
        ["user"] = nameof(NpgsqlConnectionStringBuilder.Username),
    };

    public static bool IsPostgres(string connection) =>
        Uri().IsMatch(connection) || connection.Contains("Host=", StringComparison.OrdinalIgnoreCase);

    /// <summary>The connection settings of each host, in order. Unset options get values that detect a dead host.</summary>
    /// <exception cref="InvalidSettingException">The string is invalid; the message does not quote it, because it may contain a
    /// password.</exception>
    /// <param name="connection">The connection string.</param>
    /// <param name="setting">The setting's name, for the message.</param>
    public static IReadOnlyList<NpgsqlConnectionStringBuilder> ParseHosts(
        string connection,
        string setting = "LATCHKEY_DATABASE (or --database)"
    )
    {
        try
        {
            var all = new NpgsqlConnectionStringBuilder
            {
                ApplicationName = "latchkey",
                Timeout = 5, // seconds to connect, or to get a pooled connection
                CommandTimeout = 30,
                // PostgreSQL answers a cancelled wait for a standby with success, although the commit is not replicated
                CancellationTimeout = -1,
                MaxAutoPrepare = 100, // parsing and planning costs more than running
                MaxPoolSize = 30, // three nodes fit into PostgreSQL's default of 100 connections
                TcpKeepAlive = true,
                TcpKeepAliveTime = 5,
                TcpKeepAliveInterval = 1,
                NoResetOnClose = true, // Latchkey leaves no state in a session
            };
            foreach (var (name, value) in Options(connection))
            {
                all[LibpqOptionNames.GetValueOrDefault(name, name)] = value;
            }

            return [.. Split(all)];
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException)
        {
            throw new InvalidSettingException(
                $"{setting} cannot be read: {e.Message} Use the form postgres://user:password@host/name, with special characters "
                    + "of the password percent-encoded."
            );
        }
    }

    private static IEnumerable<(string Name, string Value)> Options(string connection)
    {
        if (Uri().Match(connection) is not { Success: true } uri)
        {
            var given = new DbConnectionStringBuilder { ConnectionString = connection };
            return given.Keys.Cast<string>().Select(name => (name, Convert.ToString(given[name], CultureInfo.InvariantCulture) ?? ""));
        }

        string Part(string name) => System.Uri.UnescapeDataString(uri.Groups[name].Value);
        (string, string)[] parts =
        [
            ("Host", Part("hosts")),
            ("Database", Part("database")),
            ("Username", Part("user")),
            ("Password", Part("password")),
        ];
        var query = uri.Groups["options"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(option => option.Split('=', 2));
        return
        [
            .. parts.Where(part => part.Item2.Length > 0),
            .. query.Select(pair =>
                (System.Uri.UnescapeDataString(pair[0]), System.Uri.UnescapeDataString(pair.ElementAtOrDefault(1) ?? ""))
            ),
        ];
    }

    private static IEnumerable<NpgsqlConnectionStringBuilder> Split(NpgsqlConnectionStringBuilder all)
    {
        var hosts = (all.Host ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var wanted = all.TargetSessionAttributes?.Replace("_", "-", StringComparison.Ordinal);
        if (
            wanted is not null
            && !Primary.Contains(wanted, StringComparer.OrdinalIgnoreCase)
            && (hosts.Length > 1 || !string.Equals(wanted, "any", StringComparison.OrdinalIgnoreCase))
        )
        {
            throw new FormatException(
                $"Target Session Attributes={wanted} would select a host that accepts no writes. Remove it or use primary."
            );
        }

        foreach (var host in hosts.Length == 0 ? throw new FormatException("it names no host.") : hosts)
        {
            var (name, port) = Port().Match(host) is { Success: true } parts
                ? (parts.Groups["name"].Value, parts.Groups["port"].Value)
                : (host, "");
            var one = new NpgsqlConnectionStringBuilder(all.ConnectionString)
            {
                Host = name.Trim('[', ']'),
                TargetSessionAttributes = null,
            };
            one.Port = port.Length > 0 ? int.Parse(port, NumberStyles.None, CultureInfo.InvariantCulture) : all.Port;
            if (IsUnixSocket(one.Host))
            {
                (one.TcpKeepAlive, one.TcpKeepAliveTime, one.TcpKeepAliveInterval) = (false, 0, 0); // a Unix socket refuses them
            }

            yield return one;
        }
    }

    /// <summary>A folder of sockets, or an abstract one (@name).</summary>
    private static bool IsUnixSocket(string host) => host.StartsWith('/') || host.StartsWith('@');

    [GeneratedRegex(
        "^postgres(ql)?://((?<user>[^:@/?]*)(:(?<password>[^/?]*))?@)?(?<hosts>[^/?]*)(/(?<database>[^?]*))?(\\?(?<options>.*))?$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Uri();

    [GeneratedRegex("^(?<name>\\[[^\\]]*\\]|[^:/]*):(?<port>[0-9]+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Port();
}
