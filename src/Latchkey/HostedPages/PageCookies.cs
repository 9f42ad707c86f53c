using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Latchkey.Applications;
using Latchkey.Cryptography;
using Latchkey.Data;
using Latchkey.Provider.Sessions;

namespace Latchkey.HostedPages;

/// <summary>What the pages keep in the browser, sealed under the key ring and bound to the application.</summary>
public sealed class PageCookies(ProviderCookies cookies, KeyRing ring, TimeProvider clock)
{
    private const string Note = "latchkey-note";
    private const string Step = "latchkey-step";
    private const string SignUp = "latchkey-signup";
    private const string Reset = "latchkey-reset";
    private const string NoPasskey = "latchkey-no-passkey";
    private const string Device = "latchkey-device";
    private const string Ticket = "latchkey-device-ticket";

    /// <summary>Of the account pages (<see cref="Account.AccountNotes"/>).</summary>
    public const string AccountNote = "latchkey-account-note";

    public const string AccountStep = "latchkey-account-step";

    private static readonly TimeSpan NoteLifetime = TimeSpan.FromMinutes(1);

    /// <summary>As long as a login token works.</summary>
    private static readonly TimeSpan StepLifetime = TimeSpan.FromMinutes(10);

    /// <summary>Time enough to look for a mail.</summary>
    private static readonly TimeSpan MailedLifetime = TimeSpan.FromHours(1);

    private static readonly TimeSpan NoPasskeyLifetime = TimeSpan.FromDays(365);

    /// <summary>In bytes before sealing: browsers keep about 4 KB of a cookie.</summary>
    private const int MaxSize = 2_600;

    /// <summary>A note that would be too large keeps the first values that fit.</summary>
    public void WriteNote(HttpContext context, Application application, PageNote note)
    {
        var (json, kept) = (ToJson(note), note.Values.Count);
        while (json.Length > MaxSize && kept > 0)
        {
            kept--;
            json = ToJson(note with { Values = note.Values.Take(kept).ToDictionary(StringComparer.Ordinal) });
        }

        Write(context, application, Note, json, NoteLifetime);

        static byte[] ToJson(PageNote one) => JsonSerializer.SerializeToUtf8Bytes(one, HostedPagesJson.Default.PageNote);
    }

    /// <summary>The note of this page, which is gone then; null for none.</summary>
    public PageNote? TakeNote(HttpContext context, Application application, string page)
    {
        if (Read(context, application, Note, HostedPagesJson.Default.PageNote) is not { } note || note.Page != page)
        {
            return null;
        }

        cookies.Delete(context, application, Note);
        return note;
    }

    public void WriteStep(HttpContext context, Application application, SignInStep step) =>
        Write(context, application, Step, JsonSerializer.SerializeToUtf8Bytes(step, HostedPagesJson.Default.SignInStep), StepLifetime);

    public SignInStep? ReadStep(HttpContext context, Application application) =>
        Read(context, application, Step, HostedPagesJson.Default.SignInStep);

    public void DeleteStep(HttpContext context, Application application) => cookies.Delete(context, application, Step);

    public void WriteSignUp(HttpContext context, Application application, MailedStep step) => Write(context, application, SignUp, step);

    public MailedStep? ReadSignUp(HttpContext context, Application application) =>
        Read(context, application, SignUp, HostedPagesJson.Default.MailedStep);

    public void DeleteSignUp(HttpContext context, Application application) => cookies.Delete(context, application, SignUp);

    public void WriteReset(HttpContext context, Application application, MailedStep step) => Write(context, application, Reset, step);

    public MailedStep? ReadReset(HttpContext context, Application application) =>
        Read(context, application, Reset, HostedPagesJson.Default.MailedStep);

    public void DeleteReset(HttpContext context, Application application) => cookies.Delete(context, application, Reset);

    /// <summary>Whoever uses the browser wants to be offered no passkey.</summary>
    public void RefusePasskeys(HttpContext context, Application application) =>
        Write(context, application, NoPasskey, [], NoPasskeyLifetime);

    public bool RefusesPasskeys(HttpContext context, Application application) => Open(context, application, NoPasskey) is not null;

    public void WriteDevice(HttpContext context, Application application, string deviceToken) =>
        Write(
            context,
            application,
            Device,
            Encoding.UTF8.GetBytes(deviceToken),
            TimeSpan.FromDays(application.Settings.RememberDeviceDays)
        );

    /// <summary>The token of a device that was remembered; null for none.</summary>
    public string? ReadDevice(HttpContext context, Application application) =>
        Open(context, application, Device) is { } token ? Encoding.UTF8.GetString(token) : null;

    /// <summary>What the user of a device is asked next (<see cref="Provider.Devices.DeviceQuestion"/>).</summary>
    public void WriteTicket(HttpContext context, Application application, string ticket) =>
        Write(context, application, Ticket, Encoding.UTF8.GetBytes(ticket), Provider.Devices.DeviceRules.Lifetime);

    public string? ReadTicket(HttpContext context, Application application) =>
        Open(context, application, Ticket) is { } ticket ? Encoding.UTF8.GetString(ticket) : null;

    public void DeleteTicket(HttpContext context, Application application) => cookies.Delete(context, application, Ticket);

    /// <summary>
    /// What does not fit is left out: without a draft nothing is sent again, without a request the user goes on from the first page only.
    /// </summary>
    private void Write(HttpContext context, Application application, string name, MailedStep step)
    {
        byte[][] smaller =
        [
            .. new[] { step, step with { Request = "" }, step with { Draft = null }, step with { Draft = null, Request = "" } }.Select(
                one => JsonSerializer.SerializeToUtf8Bytes(one, HostedPagesJson.Default.MailedStep)
            ),
        ];
        Write(context, application, name, smaller.FirstOrDefault(one => one.Length <= MaxSize) ?? smaller[^1], MailedLifetime);
    }

    public void Write<T>(HttpContext context, Application application, string name, T value, JsonTypeInfo<T> type, TimeSpan lifetime) =>
        Write(context, application, name, JsonSerializer.SerializeToUtf8Bytes(value, type), lifetime);

    public void Delete(HttpContext context, Application application, string name) => cookies.Delete(context, application, name);

    private void Write(HttpContext context, Application application, string name, byte[] content, TimeSpan lifetime) =>
        cookies.Write(
            context,
            application,
            name,
            ring.Encrypt(Purpose(application, name), content),
            DateTimeOffset.FromUnixTimeMilliseconds(clock.Now()) + lifetime
        );

    public T? Read<T>(HttpContext context, Application application, string name, JsonTypeInfo<T> type)
        where T : class => Open(context, application, name) is { } json ? JsonSerializer.Deserialize(json, type) : null;

    private byte[]? Open(HttpContext context, Application application, string name) =>
        cookies.Read(context, name) is { } text ? ring.TryOpen(Purpose(application, name), text) : null;

    private static string Purpose(Application application, string name) => $"page-cookie/{application.Id}/{name}";
}
