using Latchkey.Applications.Branding;

namespace Latchkey.Provider.Pages;

/// <summary>On a request whose page nobody uses: it has no keys for its forms, and takes its brand's files from elsewhere.</summary>
public sealed record PagePreview(BrandAddresses Files);
