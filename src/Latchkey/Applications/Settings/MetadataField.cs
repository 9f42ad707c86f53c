using System.Text.Json.Serialization;

namespace Latchkey.Applications.Settings;

/// <summary>A metadata field of users or invitations.</summary>
/// <param name="Path">The value's path in the metadata document and in the JWT, in dot notation.</param>
/// <param name="FieldName">The field's own name; a field named <c>email</c> holds the handle.</param>
/// <param name="CanEdit">The user may change it with setUserMetadata.</param>
/// <param name="Required">Signup fails without it.</param>
/// <param name="ServersOnly">An invite field that only servers may set, not inviting users.</param>
public sealed record MetadataField(string Path, string FieldName, bool CanEdit = true, bool Required = false, bool ServersOnly = false)
{
    public const string EmailFieldName = "email";

    [JsonIgnore]
    public bool HoldsHandle => FieldName == EmailFieldName;
}
