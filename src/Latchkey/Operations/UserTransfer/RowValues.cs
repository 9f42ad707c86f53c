namespace Latchkey.Operations.UserTransfer;

/// <summary>The values of a row: texts by field, and metadata by path. Only the format is validated.</summary>
public sealed class RowValues
{
    private const byte Unset = byte.MaxValue;
    private readonly string?[] texts = new string?[UserFields.Count];
    private readonly byte[] ranks = NewRanks();
    private List<string>? notes;
    private List<string>? verified;
    private List<ProviderAccount>? linked;

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> InviteMetadata { get; } = new(StringComparer.Ordinal);

    /// <summary>The row's first problem; null when its format is valid.</summary>
    public string? Problem { get; set; }

    /// <summary>Values that were omitted, with the reasons.</summary>
    public IReadOnlyList<string> Notes => notes ?? [];

    /// <summary>Whether a column says that the user is suspended.</summary>
    public bool IsSuspended { get; set; }

    /// <summary>Whether the phone number needs <see cref="IsPhoneVerified"/> to count as verified.</summary>
    public bool IsPhoneUnproven { get; set; }

    /// <summary>Whether the phone number is verified; null when no column says so.</summary>
    public bool? IsPhoneVerified { get; set; }

    /// <summary>The linked account of Apple or Google.</summary>
    public (string Provider, string? Subject)? Account { get; set; }

    /// <summary>Further linked accounts of Apple and Google.</summary>
    public List<ProviderAccount> Linked => linked ??= [];

    /// <summary>Whether there is a linked account of another provider.</summary>
    public bool HasOtherAccount { get; set; }

    /// <summary>The verified addresses and numbers; null when the row has no list of them.</summary>
    public IReadOnlyList<string>? Verified => verified;

    /// <summary>Trimmed; null for a field that is absent or empty.</summary>
    public string? this[UserField field]
    {
        get => texts[(int)field];
        set => (texts[(int)field], ranks[(int)field]) = (value?.Trim() is { Length: > 0 } text ? text : null, 0);
    }

    public Dictionary<string, string> MetadataOf(UserField field) => field == UserField.MetaData ? Metadata : InviteMetadata;

    /// <summary>
    /// Sets a field, unless a column of lower <see cref="FieldTarget.Rank"/> set it already. Returns false when one of the same rank did.
    /// </summary>
    public bool Offer(UserField field, string? text, int rank)
    {
        ref var held = ref ranks[(int)field];
        if (rank == held)
        {
            return texts[(int)field] is null || text is null or "";
        }

        if (IsBetter(field, rank))
        {
            this[field] = ImportText.IsNull(field, text) ? null : text;
            held = (byte)rank;
        }

        return true;
    }

    /// <summary>Whether no column of this rank or a lower one set the field.</summary>
    public bool IsBetter(UserField field, int rank) => rank < ranks[(int)field];

    /// <summary>Whether the field was set from a column with another system's name.</summary>
    public bool IsForeign(UserField field) => ranks[(int)field] is > 0 and not Unset;

    public void Note(string note) => (notes ??= []).Add(note);

    public void AddVerified(IEnumerable<string> addresses) => (verified ??= []).AddRange(addresses);

    private static byte[] NewRanks()
    {
        var ranks = new byte[UserFields.Count];
        Array.Fill(ranks, Unset);
        return ranks;
    }
}
