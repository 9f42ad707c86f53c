using Latchkey.Users.Batches;

namespace Latchkey.Portal.Users;

/// <summary>The users that were selected in a list: some by id, or all who match its filter.</summary>
/// <param name="Problem">Why it cannot be used, as a sentence.</param>
public sealed record UserSelection(bool IsAll, IReadOnlyList<string> Ids, string? Problem)
{
    public static UserSelection Read(HttpRequest request)
    {
        var isAll = FormValues.Query(request, "all") == "1";
        string[] ids =
        [
            .. request.Query["id"].OfType<string>().Where(id => Guid.TryParseExact(id, "D", out _)).Distinct(StringComparer.Ordinal),
        ];
        return new(
            isAll,
            isAll ? [] : ids,
            isAll ? null
                : ids.Length == 0 ? "No user is selected. Go back and select users by the boxes in front of them."
                : ids.Length > UserBatches.MaxAtOnce ? $"Select at most {UserBatches.MaxAtOnce} users, or all who match."
                : null
        );
    }
}
