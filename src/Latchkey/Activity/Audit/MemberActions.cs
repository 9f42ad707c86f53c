namespace Latchkey.Activity.Audit;

/// <summary>What is done about members. The handle of such an entry is a developer's, and no user's.</summary>
public static class MemberActions
{
    public const string Invite = "inviteMember";
    public const string RevokeInvitation = "revokeMemberInvitation";
    public const string AcceptInvitation = "acceptMemberInvitation";
    public const string Add = "addMember";
    public const string ChangeRole = "changeMemberRole";
    public const string Remove = "removeMember";
    public const string Leave = "leaveApplication";

    public static IReadOnlyList<string> All { get; } = [Invite, RevokeInvitation, AcceptInvitation, Add, ChangeRole, Remove, Leave];

    /// <summary>The condition in SQL that an entry is about something else.</summary>
    internal static string Not { get; } = $"action NOT IN ({string.Join(", ", All.Select(action => $"'{action}'"))})";
}
