using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Latchkey.Tests.Applications;

/// <summary>A DNS server on loopback, by UDP and TCP, that answers as the test says: truthfully, or not (RFC 1035 §4).</summary>
internal sealed class DnsServer : IAsyncDisposable
{
    public const ushort Txt = 16;
    public const ushort Cname = 5;
    public const int NameError = 3;
    public const int ServerFailure = 2;
    public const int Truncated = 0x0200;
    private const int HeaderBytes = 12;
    private const int MaxUdpBytes = 65_000;

    private readonly UdpClient udp;
    private readonly LoopbackListener tcp;
    private readonly CancellationTokenSource ending = new();
    private readonly Task serving;

    public DnsServer()
    {
        var port = FreePort.Find();
        udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        tcp = new LoopbackListener(new IPEndPoint(IPAddress.Loopback, port), ServeTcp);
        Address = new IPEndPoint(IPAddress.Loopback, port);
        serving = ServeUdp();
    }

    public IPEndPoint Address { get; }

    /// <summary>The whole answer to a query; null for none.</summary>
    public Func<byte[], byte[]?> Answer { get; set; } = query => Reply(query, NameError);

    /// <summary>As <see cref="Answer"/>, by TCP; null closes the connection.</summary>
    public Func<byte[], byte[]?> AnswerByTcp { get; set; } = _ => null;

    public int Queries { get; private set; }

    /// <summary>Answers with these texts at the name that is asked for.</summary>
    public void Say(params string[] texts) => Answer = query => TextReply(query, texts);

    /// <summary>As <see cref="Say"/>, with an answer that is too long for UDP.</summary>
    public void SayAtLength(params string[] texts) =>
        (Answer, AnswerByTcp) = (query => Reply(query, Truncated), query => TextReply(query, texts));

    /// <summary>An answer to a query.</summary>
    /// <param name="query">What came.</param>
    /// <param name="flags">The response code, and other bits of the header.</param>
    /// <param name="records">The answer section.</param>
    public static byte[] Reply(byte[] query, int flags, params byte[][] records)
    {
        var question = query.AsSpan(HeaderBytes, NameOf(query).Length + 4);
        var header = new byte[HeaderBytes];
        query.AsSpan(0, 2).CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), (ushort)(0x8180 | flags));
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(4), 1);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(6), (ushort)records.Length);
        return [.. header, .. question, .. records.SelectMany(record => record)];
    }

    public static byte[] Record(byte[] name, ushort type, byte[] data)
    {
        var fixedPart = new byte[10];
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart, type);
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart.AsSpan(2), 1);
        BinaryPrimitives.WriteUInt16BigEndian(fixedPart.AsSpan(8), (ushort)data.Length);
        return [.. name, .. fixedPart, .. data];
    }

    /// <summary>The name that is asked for, as the query has it.</summary>
    public static byte[] NameOf(byte[] query)
    {
        var end = HeaderBytes;
        while (query[end] != 0)
        {
            end += query[end] + 1;
        }

        return query[HeaderBytes..(end + 1)];
    }

    public static byte[] Name(string name) =>
        [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];

    /// <summary>A text in strings of 255 bytes.</summary>
    public static byte[] TextData(string text) =>
        [.. Encoding.ASCII.GetBytes(text).Chunk(255).SelectMany(part => (byte[])[(byte)part.Length, .. part])];

    private static byte[] TextReply(byte[] query, string[] texts) =>
        Reply(query, 0, [.. texts.Select(text => Record(NameOf(query), Txt, TextData(text)))]);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        udp.Dispose();
        await serving;
        await tcp.DisposeAsync();
        ending.Dispose();
    }

    private async Task ServeUdp()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                var query = await udp.ReceiveAsync(ending.Token);
                Queries++;
                if (Answer(query.Buffer) is { Length: <= MaxUdpBytes } answer)
                {
                    await udp.SendAsync(answer, query.RemoteEndPoint, ending.Token);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                // The client has gone, or the test is over.
            }
        }
    }

    private async Task ServeTcp(NetworkStream stream)
    {
        var length = new byte[2];
        await stream.ReadExactlyAsync(length);
        var query = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(query);
        if (AnswerByTcp(query) is { } answer)
        {
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
            await stream.WriteAsync((byte[])[.. length, .. answer]);
        }
    }
}
