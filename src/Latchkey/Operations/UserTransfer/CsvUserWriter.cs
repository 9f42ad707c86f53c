using CsvHelper;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Writes CSV with a header; absent values are empty cells. A byte order mark tells spreadsheets that it is UTF-8.</summary>
public sealed class CsvUserWriter(Stream output, ExportOptions options) : IUserWriter
{
    private readonly CsvWriter csv = CsvWriter.Create(
        output,
        new CsvWriterOptions
        {
            Quoting = Csv.Options.Quoting,
            NewLine = "\n",
            WriteByteOrderMark = true,
        },
        leaveOpen: true
    );

    public Task Begin()
    {
        Csv.WriteLine(csv, options.Fields.Select(UserFields.Name));
        return Task.CompletedTask;
    }

    public Task Write(ExportedUser exported, string? totpSeed)
    {
        for (var i = 0; i < options.Fields.Count; i++)
        {
            csv.WriteField(Csv.AddGuard(Cell(exported, options.Fields[i], totpSeed)));
        }

        return csv.EndRecordAsync().AsTask();
    }

    public Task End() => csv.FlushAsync().AsTask();

    public void Dispose() => csv.Dispose();

    private static string Cell(ExportedUser exported, UserField field, string? totpSeed)
    {
        var user = exported.User;
        return field switch
        {
            UserField.Id => user.Id,
            UserField.Handle => user.Handle,
            UserField.UserName => user.UserName ?? "",
            UserField.Status => user.Status,
            UserField.Origin => user.Origin,
            UserField.Locale => user.Locale,
            UserField.EmailVerified => user.EmailVerified ? "true" : "false",
            UserField.LoginProvider => user.LoginProvider,
            UserField.ProviderSubject => exported.First?.Subject ?? "",
            UserField.LinkedIdentities => JsonUserWriter.LinkedText(exported),
            UserField.Phone => user.Phone ?? "",
            UserField.PendingPhone => user.PendingPhone ?? "",
            UserField.TwoFactorPhone => user.TwoFactorPhone ? "true" : "false",
            UserField.CreatedAt => WireDate.Format(user.CreatedAt),
            UserField.UpdatedAt => WireDate.Format(user.UpdatedAt),
            UserField.LastLogin => user.LastLoginAt is { } at ? WireDate.Format(at) : "",
            UserField.MetaData => user.Metadata == "{}" ? "" : user.Metadata,
            UserField.InviteMetaData => user.InviteMetadata == "{}" ? "" : user.InviteMetadata,
            UserField.PasswordHash => user.PasswordHash ?? "",
            UserField.PasswordPrehashed => user.PasswordHash is null ? ""
            : user.PasswordPrehashed ? "true"
            : "false",
            UserField.TotpSeed => totpSeed ?? "",
            _ => throw new NotSupportedException($"{field} has no cell"),
        };
    }
}
