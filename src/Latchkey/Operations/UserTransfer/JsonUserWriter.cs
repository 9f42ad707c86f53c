using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Writes one object per line; absent values are omitted.</summary>
public sealed class JsonUserWriter : IUserWriter
{
    private const int FlushAt = 64 * 1024;
    private readonly Stream output;
    private readonly ExportOptions options;
    private readonly ArrayBufferWriter<byte> buffer = new(FlushAt * 2);
    private readonly Utf8JsonWriter json;

    public JsonUserWriter(Stream output, ExportOptions options)
    {
        (this.output, this.options) = (output, options);
        json = new Utf8JsonWriter(
            buffer,
            new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }
        );
    }

    public Task Begin() => Task.CompletedTask;

    public async Task Write(ExportedUser exported, string? totpSeed)
    {
        var user = exported.User;
        Write(exported);
        if (options.WithHashes && user.PasswordHash is { } hash)
        {
            json.WriteString("passwordHash"u8, hash);
            json.WriteBoolean("passwordPrehashed"u8, user.PasswordPrehashed);
        }

        Write("totpSeed"u8, totpSeed);
        json.WriteEndObject();
        await json.FlushAsync();
        buffer.Write("\n"u8);
        json.Reset();
        if (buffer.WrittenCount >= FlushAt)
        {
            await End();
        }
    }

    public async Task End()
    {
        await output.WriteAsync(buffer.WrittenMemory);
        buffer.ResetWrittenCount();
        await output.FlushAsync();
    }

    public void Dispose() => json.Dispose();

    private void Write(ExportedUser exported)
    {
        var user = exported.User;
        json.WriteStartObject();
        json.WriteString("id"u8, user.Id);
        json.WriteString("handle"u8, user.Handle);
        Write("userName"u8, user.UserName);
        json.WriteString("status"u8, user.Status);
        json.WriteString("origin"u8, user.Origin);
        json.WriteString("locale"u8, user.Locale);
        json.WriteBoolean("emailVerified"u8, user.EmailVerified);
        Write("loginProvider"u8, user.LoginProvider.Length > 0 ? user.LoginProvider : null);
        Write("providerSubject"u8, exported.First?.Subject);
        WriteDocument("linkedIdentities"u8, LinkedText(exported));
        Write("phone"u8, user.Phone);
        Write("pendingPhone"u8, user.PendingPhone);
        json.WriteBoolean("twoFactorPhone"u8, user.TwoFactorPhone);
        json.WriteString("createdAt"u8, WireDate.Format(user.CreatedAt));
        json.WriteString("updatedAt"u8, WireDate.Format(user.UpdatedAt));
        Write("lastLogin"u8, user.LastLoginAt is { } at ? WireDate.Format(at) : null);
        WriteDocument("metaData"u8, user.Metadata);
        WriteDocument("inviteMetaData"u8, user.InviteMetadata);
    }

    /// <summary>The accounts that the user linked, as a JSON list; empty for none.</summary>
    public static string LinkedText(ExportedUser exported)
    {
        if (!exported.Linked.Any())
        {
            return "";
        }

        var text = new ArrayBufferWriter<byte>();
        using (var list = new Utf8JsonWriter(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            list.WriteStartArray();
            foreach (var (provider, subject) in exported.Linked)
            {
                list.WriteStartObject();
                list.WriteString("provider"u8, provider);
                list.WriteString("subject"u8, subject);
                list.WriteEndObject();
            }

            list.WriteEndArray();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private void Write(ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private void WriteDocument(ReadOnlySpan<byte> name, string stored)
    {
        if (stored is not ("{}" or ""))
        {
            json.WritePropertyName(name);
            json.WriteRawValue(stored, skipInputValidation: true);
        }
    }
}
