using Latchkey.Applications;
using Latchkey.Applications.Branding;

namespace Latchkey.Provider.Pages;

/// <summary>Shows the sign-in page to those who change how it looks. The pages stand in a room beside the portal.</summary>
public interface ISignInPreview
{
    /// <param name="context">A request of the portal.</param>
    /// <param name="application">With the brand that the page has.</param>
    /// <param name="files">Where the brand's files are.</param>
    Task<IResult> Show(HttpContext context, Application application, BrandAddresses files);
}
