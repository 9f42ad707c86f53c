namespace Latchkey.Applications.Branding;

/// <summary>An application's branding, for those who change it.</summary>
/// <param name="Draft">What the next version will be: the published one without a draft.</param>
/// <param name="IsChanged">There is a draft.</param>
/// <param name="Published">All versions, the newest first, which is in use.</param>
public sealed record BrandState(BrandVersion Draft, bool IsChanged, IReadOnlyList<BrandVersion> Published)
{
    /// <summary>The version in use; null before any was published.</summary>
    public BrandVersion? Current => Published.Count > 0 ? Published[0] : null;
}
