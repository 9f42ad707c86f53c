using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Tests.Core.Metrics;

/// <summary>
/// A metric of an OTLP export (opentelemetry/proto/metrics/v1), under the names that Prometheus gives it
/// (https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/).
/// </summary>
/// <param name="Names">One, or three for a histogram.</param>
/// <param name="Labels">Those of all its points, without job, instance and le.</param>
/// <param name="Bounds">Of a histogram's buckets.</param>
/// <param name="Count">Of a histogram: how many values it has taken.</param>
internal sealed record SentMetric(IReadOnlyList<string> Names, IReadOnlyList<string> Labels, IReadOnlyList<double> Bounds, long Count)
{
    private const int Gauge = 5;
    private const int Sum = 7;
    private const int Histogram = 9;

    /// <summary>The metrics of a request to /v1/metrics: resources, their scopes, their metrics.</summary>
    public static IEnumerable<SentMetric> In(byte[] request) =>
        Fields(request, 1).SelectMany(resource => Fields(resource, 2)).SelectMany(scope => Fields(scope, 2)).Select(Read);

    /// <summary>What Prometheus calls an instrument.</summary>
    public static string NameOf(string instrument, string unit, bool isCounter) =>
        $"{instrument.Replace('.', '_')}{Unit(unit)}{(isCounter ? "_total" : "")}";

    private static SentMetric Read(byte[] metric)
    {
        var (name, unit) = (Text(metric, 1), Text(metric, 3));
        var kind = new[] { Gauge, Sum, Histogram }.Single(field => Fields(metric, field).Any());
        var data = Fields(metric, kind).Single();
        var points = Fields(data, 1).ToList();
        var labels = points
            .SelectMany(point => Fields(point, kind == Histogram ? 9 : 7))
            .Select(pair => Text(pair, 1).Replace('.', '_'))
            .Distinct()
            .ToList();
        var prometheus = NameOf(name, unit, kind == Sum && All(data).Any(field => field is { Number: 3, Value: 1 }));
        return kind == Histogram
            ? new(
                [$"{prometheus}_bucket", $"{prometheus}_count", $"{prometheus}_sum"],
                labels,
                [.. Doubles(Fields(points[0], 7).Single())],
                points.Sum(Taken)
            )
            : new([prometheus], labels, [], 0);
    }

    private static long Taken(byte[] point) => Fields(point, 4).Sum(count => BinaryPrimitives.ReadInt64LittleEndian(count));

    private static string Unit(string unit) =>
        unit switch
        {
            "" or ['{', ..] => "",
            "s" => "_seconds",
            "By" => "_bytes",
            _ => throw new NotSupportedException($"the unit {unit}"),
        };

    private static string Text(byte[] message, int field) => Fields(message, field).Select(Encoding.UTF8.GetString).FirstOrDefault("");

    private static IEnumerable<byte[]> Fields(byte[] message, int number) =>
        All(message).Where(field => field.Number == number).Select(field => field.Bytes);

    private static IEnumerable<double> Doubles(byte[] packed) =>
        packed.Chunk(sizeof(double)).Select(bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes));

    /// <summary>The fields of a protobuf message (https://protobuf.dev/programming-guides/encoding/).</summary>
    private static IEnumerable<(int Number, ulong Value, byte[] Bytes)> All(byte[] message)
    {
        for (var at = 0; at < message.Length; )
        {
            var tag = Varint(message, ref at);
            var (number, value, bytes) = ((int)(tag >> 3), 0UL, Array.Empty<byte>());
            switch (tag & 7)
            {
                case 0:
                    value = Varint(message, ref at);
                    break;
                case var wire:
                    var length =
                        wire == 2 ? (int)Varint(message, ref at)
                        : wire == 1 ? 8
                        : 4;
                    bytes = message[at..(at + length)];
                    at += length;
                    break;
            }

            yield return (number, value, bytes);
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var (value, shift) = (0UL, 0);
        while (true)
        {
            var one = message[at++];
            value |= (ulong)(one & 0x7F) << shift;
            shift += 7;
            if (one < 0x80)
            {
                return value;
            }
        }
    }
}
