using Latchkey.Applications.Domains;

namespace Latchkey.Portal.Domains;

/// <summary>What pages say of domains.</summary>
internal static class DomainTexts
{
    public static string ProofOf(DomainRequest domain) =>
        domain switch
        {
            { Proof: "" } => "given by the operator",
            { CheckedAt: null } => "not checked yet",
            { IsProven: true } => "there",
            { ProvenAt: not null } => $"gone: {domain.Flaw}",
            _ => domain.Flaw,
        };
}
