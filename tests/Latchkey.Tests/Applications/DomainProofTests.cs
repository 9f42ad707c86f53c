using Latchkey.Applications.Domains;
using Latchkey.Core.Configuration;

namespace Latchkey.Tests.Applications;

/// <summary>The proof of a domain in DNS, whose answers come from strangers.</summary>
public sealed class DomainProofTests
{
    private const string Host = "shop.example.com";
    private const string Text = "latchkey=the-right-text";

    [Fact]
    public async Task The_text_at_the_name_is_the_proof_and_any_other_is_none()
    {
        await using var dns = new DnsServer();
        dns.Say(Text);
        (await Flaw(dns)).ShouldBeEmpty();
        foreach (var text in new[] { "", "latchkey=", Text + " ", " " + Text, Text.ToUpperInvariant(), Text[..^1], $"\"{Text}\"" })
        {
            dns.Say(text);
            (await Flaw(dns)).ShouldContain("not with this value", customMessage: text);
        }

        dns.Say();
        (await Flaw(dns)).ShouldBe($"DNS has no TXT record _latchkey.{Host}.");
    }

    [Fact]
    public async Task Answers_that_are_no_proof()
    {
        await using var dns = new DnsServer();
        var cases = new (string What, Func<byte[], byte[]?> Answer, string Flaw)[]
        {
            ("no such name", query => DnsServer.Reply(query, DnsServer.NameError), "no TXT record"),
            (
                "no such name, and yet a record",
                query => DnsServer.Reply(query, DnsServer.NameError, At("other.example.com", Text)),
                "no TXT record"
            ),
            ("a failure", query => DnsServer.Reply(query, DnsServer.ServerFailure), "DNS"),
            ("refused", query => DnsServer.Reply(query, 5), "DNS"),
            ("the record of another name", query => DnsServer.Reply(query, 0, At($"x_latchkey.{Host}", Text)), "no TXT record"),
            ("the record of the name itself", query => DnsServer.Reply(query, 0, At(Host, Text)), "no TXT record"),
            ("an alias to nowhere", query => DnsServer.Reply(query, 0, Alias(query, "a.example.com")), "no TXT record"),
            (
                "aliases in a circle",
                query => DnsServer.Reply(query, 0, Alias(query, "a.example.com"), AliasAt("a.example.com", $"_latchkey.{Host}")),
                "no TXT record"
            ),
        };
        foreach (var (what, answer, flaw) in cases)
        {
            dns.Answer = answer;
            (await Flaw(dns)).ShouldContain(flaw, customMessage: what);
        }
    }

    [Fact]
    public async Task An_alias_of_the_owners_leads_to_the_text()
    {
        await using var dns = new DnsServer();
        dns.Answer = query =>
            DnsServer.Reply(query, 0, Alias(query, "a.example.net"), AliasAt("a.example.net", "b.example.net"), At("B.example.net", Text));
        (await Flaw(dns)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Many_and_large_records_are_read_and_do_no_harm()
    {
        await using var dns = new DnsServer();
        dns.SayAtLength([.. Enumerable.Range(0, 900).Select(i => $"v=spf{i}"), Text]);
        (await Flaw(dns)).ShouldBeEmpty();
        dns.SayAtLength([.. Enumerable.Range(0, 900).Select(i => $"v=spf{i}")]);
        (await Flaw(dns)).ShouldContain("not with this value");
        dns.SayAtLength(new string('x', 60_000));
        (await Flaw(dns)).ShouldContain("not with this value");
        dns.SayAtLength(new string('x', 60_000), Text);
        (await Flaw(dns)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_was_cut_is_asked_for_again_by_TCP()
    {
        await using var dns = new DnsServer();
        dns.Answer = query => DnsServer.Reply(query, DnsServer.Truncated);
        (await Flaw(dns)).ShouldContain("did not answer");
        dns.AnswerByTcp = query =>
            DnsServer.Reply(query, 0, DnsServer.Record(DnsServer.NameOf(query), DnsServer.Txt, DnsServer.TextData(Text)));
        (await Flaw(dns)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_to_another_question_is_not_believed()
    {
        await using var dns = new DnsServer();
        dns.Answer = query =>
        {
            var answer = DnsServer.Reply(query, 0, DnsServer.Record(DnsServer.NameOf(query), DnsServer.Txt, DnsServer.TextData(Text)));
            answer[1] ^= 1;
            return answer;
        };
        (await Flaw(dns)).ShouldContain("did not answer");
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_waited_for_and_not_for_ever()
    {
        await using var dns = new DnsServer { Answer = _ => null };
        (await Flaw(dns)).ShouldContain("did not answer");
        dns.Queries.ShouldBeInRange(1, 4);
    }

    [Fact]
    public async Task Damaged_answers_are_never_a_proof_and_never_an_error()
    {
        await using var dns = new DnsServer();
        var random = new Random(20);
        for (var i = 0; i < 300; i++)
        {
            dns.Answer = query => Damage(query, random);
            dns.AnswerByTcp = dns.Answer;
            (await Flaw(dns)).ShouldNotBeEmpty();
        }
    }

    /// <summary>An answer with a wrong text, of which some bytes are others, or missing.</summary>
    private static byte[] Damage(byte[] query, Random random)
    {
        var answer = DnsServer.Reply(
            query,
            0,
            DnsServer.Record(DnsServer.NameOf(query), DnsServer.Txt, DnsServer.TextData("latchkey=wrong"))
        );
        for (var flips = random.Next(1, 8); flips > 0; flips--)
        {
            answer[random.Next(2, answer.Length)] = (byte)random.Next(256);
        }

        return random.Next(3) == 0 ? answer[..random.Next(2, answer.Length)] : answer;
    }

    private static byte[] At(string name, string text) => DnsServer.Record(DnsServer.Name(name), DnsServer.Txt, DnsServer.TextData(text));

    private static byte[] Alias(byte[] query, string target) =>
        DnsServer.Record(DnsServer.NameOf(query), DnsServer.Cname, DnsServer.Name(target));

    private static byte[] AliasAt(string name, string target) =>
        DnsServer.Record(DnsServer.Name(name), DnsServer.Cname, DnsServer.Name(target));

    private static Task<string> Flaw(DnsServer dns) =>
        new DomainProof(new InstallationSettings { DnsServers = [dns.Address] }).FindFlaw(Host, Text);
}
