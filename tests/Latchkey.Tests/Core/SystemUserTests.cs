using Latchkey.Core;

namespace Latchkey.Tests.Core;

/// <summary>How the log names who ran a command.</summary>
public sealed class SystemUserTests
{
    [Theory]
    [InlineData("root", "", "/dev/pts/0", "root, pts/0")]
    [InlineData("root", "ann", "/dev/pts/0", "root, logged in as ann, pts/0")]
    [InlineData("root", "root", "/dev/tty1", "root, tty1")]
    [InlineData("latchkey", "", "", "latchkey, no terminal")]
    [InlineData("EXAMPLE\\müller", "", "", "EXAMPLE\\müller, no terminal")]
    [InlineData("root", "a, pts/1)\u202e\n\e[2J", "", "root, logged in as a??pts/1?????2J, no terminal")]
    [InlineData("uid:1234", "", "/dev/pts/7", "uid:1234, pts/7")]
    public void It_names_the_user_the_login_and_the_terminal(string user, string login, string terminal, string text) =>
        SystemUser.Describe(user, login, terminal).ShouldBe(text);

    [Fact]
    public void A_name_is_bounded() => SystemUser.Describe("root", new string('a', 100_000), "").Length.ShouldBeLessThan(200);
}
