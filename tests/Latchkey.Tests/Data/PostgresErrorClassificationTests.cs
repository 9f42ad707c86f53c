using Latchkey.Data;
using Npgsql;

namespace Latchkey.Tests.Data;

/// <summary>
/// Which errors of PostgreSQL say that it is out of order for now (https://www.postgresql.org/docs/current/errcodes-appendix.html): clients
/// get 503 and come back.
/// </summary>
public sealed class PostgresErrorClassificationTests
{
    [Theory]
    [InlineData("08006", true)] // connection_failure
    [InlineData("25006", true)] // read_only_sql_transaction
    [InlineData("53100", true)] // disk_full
    [InlineData("57P01", true)] // admin_shutdown
    [InlineData("58030", true)] // io_error
    [InlineData("XX000", true)] // internal_error: "could not write init file", on a full disk
    [InlineData("XX001", true)] // data_corrupted
    [InlineData("22P02", false)] // invalid_text_representation
    [InlineData("23505", false)] // unique_violation
    [InlineData("42601", false)] // syntax_error
    public void Are_told_from_our_own(string state, bool isOutOfOrder) =>
        new PostgresDialect().IsUnavailable(new PostgresException("as it says", "ERROR", "ERROR", state)).ShouldBe(isOutOfOrder);
}
