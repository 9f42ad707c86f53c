using System.Text.Json;

namespace Latchkey.Operations.UserTransfer;

/// <summary>
/// Splits a JSON document into users: the elements of its array, or of the array in one of its properties (<see cref="JsonUserList"/>).
/// Several documents or users can follow each other. At most 2 MiB are in memory.
/// </summary>
public sealed class JsonDocumentReader(Stream stream)
{
    private const int MaxRowBytes = 1024 * 1024;
    private const string TooLong = "longer than 1 MiB";
    private readonly byte[] buffer = new byte[2 * MaxRowBytes];
    private JsonReaderState state = Start;
    private int start;
    private int end;
    private bool isLast;
    private long line = 1;
    private long position;

    /// <summary>The depth of the open list; -1 outside of a list.</summary>
    private int list = -1;

    /// <summary>The document around the list; null outside of such a document.</summary>
    private Wrapper? wrapper;

    public static JsonReaderState Start { get; } = new(new JsonReaderOptions { AllowMultipleValues = true });

    /// <summary>Malformed JSON ends the rows with one that has a problem.</summary>
    public IEnumerable<SourceRow> Rows()
    {
        while (true)
        {
            var (row, isEnd) = Next();
            if (row is not null)
            {
                yield return row;
            }

            if (isEnd)
            {
                yield break;
            }
        }
    }

    private (SourceRow? Row, bool IsEnd) Next()
    {
        while (true)
        {
            try
            {
                if (Scan() is { } row)
                {
                    return (row, false);
                }
            }
            catch (JsonException)
            {
                return (Refused($"not JSON; {SourceRow.NothingAfter}"), true);
            }

            if (isLast)
            {
                return (null, true);
            }

            if (!Fill())
            {
                return (Refused($"{TooLong}; {SourceRow.NothingAfter}"), true);
            }
        }
    }

    /// <summary>Fills the buffer; false when it is full already.</summary>
    private bool Fill()
    {
        buffer.AsSpan(start, end - start).CopyTo(buffer);
        (start, end) = (0, end - start);
        if (end == buffer.Length)
        {
            return false;
        }

        var read = stream.ReadAtLeast(buffer.AsSpan(end), buffer.Length - end, throwOnEndOfStream: false);
        end += read;
        isLast = end < buffer.Length;
        return true;
    }

    /// <summary>The next user in the buffer; null when the buffer must be filled.</summary>
    private SourceRow? Scan()
    {
        var reader = new Utf8JsonReader(buffer.AsSpan(start, end - start), isLast, state);
        var (before, consumed) = (state, 0);
        while (reader.Read())
        {
            var begin = (int)reader.TokenStartIndex;
            if (IsUser(ref reader, begin, out var isComplete))
            {
                if (isComplete && reader.TrySkip())
                {
                    return Take(ref reader, begin);
                }

                Advance(consumed, before);
                return null;
            }

            (before, consumed) = (reader.CurrentState, (int)reader.BytesConsumed);
            if (wrapper is { HadList: false } && reader is { TokenType: JsonTokenType.EndObject, CurrentDepth: 0 })
            {
                wrapper = null;
                Advance(consumed, before);
                return Refused(TooLong);
            }
        }

        Advance((int)reader.BytesConsumed, reader.CurrentState);
        return null;
    }

    /// <summary>A row for the text after the last user.</summary>
    private SourceRow Refused(string problem)
    {
        var rest = buffer.AsSpan(start, end - start);
        return new SourceRow(line + rest[..^rest.TrimStart(", \t\r\n"u8).Length].Count((byte)'\n'), position) { Problem = problem };
    }

    private SourceRow Take(ref Utf8JsonReader reader, int begin)
    {
        Advance(begin, state);
        var length = (int)reader.BytesConsumed - begin;
        var row = new SourceRow(line, position + length)
        {
            Json = length <= MaxRowBytes ? buffer.AsSpan(start, length).ToArray() : [],
            Problem = length <= MaxRowBytes ? null : TooLong,
        };
        Advance(length, reader.CurrentState);
        return row;
    }

    private void Advance(int bytes, JsonReaderState next)
    {
        line += buffer.AsSpan(start, bytes).Count((byte)'\n');
        (start, position, state) = (start + bytes, position + bytes, next);
    }

    /// <summary>Whether a user begins with this token. Keeps track of lists and documents.</summary>
    private bool IsUser(ref Utf8JsonReader reader, int begin, out bool isComplete)
    {
        isComplete = true;
        var (token, depth) = (reader.TokenType, reader.CurrentDepth);
        if (list >= 0)
        {
            list = depth == list ? -1 : list; // the list ends
            return list >= 0;
        }

        if (wrapper is not null)
        {
            if (token == JsonTokenType.StartObject && depth == 2 && wrapper.IsList)
            {
                (list, wrapper.HadList) = (1, true);
                return true;
            }

            wrapper.Read(ref reader);
            if (token == JsonTokenType.EndObject && depth == 0 && wrapper.HadList)
            {
                wrapper = null;
            }

            return false;
        }

        if (token == JsonTokenType.StartArray)
        {
            list = 0;
            return false;
        }

        return token != JsonTokenType.StartObject || IsLoneUser(reader, begin, out isComplete);
    }

    /// <summary>Whether an object outside of a list is a user: it has no list of users, and is not too long.</summary>
    private bool IsLoneUser(Utf8JsonReader reader, int begin, out bool isComplete)
    {
        isComplete = reader.TrySkip();
        if (!isComplete && end - start - begin < MaxRowBytes)
        {
            return true; // the buffer must be filled first
        }

        var name = isComplete ? JsonUserList.Find(buffer.AsSpan(start + begin, (int)reader.BytesConsumed - begin)) : null;
        if (isComplete && name is null)
        {
            return true;
        }

        wrapper = new Wrapper(name);
        return false;
    }

    /// <summary>A document around a list.</summary>
    /// <param name="wanted">The property with the list, if known.</param>
    private sealed class Wrapper(string? wanted)
    {
        private bool isFirst = true;
        private bool isCandidate;

        public bool HadList { get; set; }

        /// <summary>Whether the last token began an array that can be the list.</summary>
        public bool IsList { get; private set; }

        public void Read(ref Utf8JsonReader reader)
        {
            IsList = reader is { TokenType: JsonTokenType.StartArray, CurrentDepth: 1 } && isCandidate && !HadList;
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
            {
                var name = reader.GetString() ?? "";
                isCandidate = wanted is null ? isFirst || JsonUserList.IsName(name) : name == wanted;
                isFirst = false;
            }
        }
    }
}
