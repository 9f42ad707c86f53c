using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Core.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Latchkey.Tests.Billing.Payments;

/// <summary>
/// A stand-in for Stripe that follows its public API reference (https://docs.stripe.com/api) for the calls that are used: customers, checkout
/// sessions in setup mode, payment intents, detaching a card, idempotent requests, and signed webhooks. Cards behave by their last four digits,
/// as Stripe's test cards do.
/// </summary>
public sealed class FakeStripe : IAsyncDisposable
{
    public const string SecretKey = "sk_test_canarystripekey";
    public const string WebhookSecret = "whsec_canarystripehook";

    /// <summary>Succeeds.</summary>
    public const string Good = "4242";

    /// <summary>Can be saved, and is declined when it is charged.</summary>
    public const string Declined = "0341";

    /// <summary>Asks for 3-D Secure at every payment.</summary>
    public const string AsksToConfirm = "3184";

    private readonly WebApplication web;
    private readonly ConcurrentDictionary<string, (string Request, int Status, string Body)> answers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JsonObject> objects = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Func<HttpContext, Task>> planned = new();
    private int last;

    private FakeStripe(WebApplication web) => this.web = web;

    public Uri Address => new(web.Urls.Single());

    public StripeSettings Settings =>
        new()
        {
            Url = Address,
            SecretKey = SecretKey,
            WebhookSecrets = [WebhookSecret],
        };

    /// <summary>What makes a server take it for Stripe.</summary>
    public (string Name, string Value)[] Environment =>
        [
            ("LATCHKEY_STRIPE_URL", Address.AbsoluteUri),
            ("LATCHKEY_STRIPE_SECRET_KEY", SecretKey),
            ("LATCHKEY_STRIPE_WEBHOOK_SECRET", WebhookSecret),
        ];

    /// <summary>What the times of objects are read from.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Whether it fails when a card is to be detached.</summary>
    public bool FailsToDetach { get; set; }

    /// <summary>The method and path of each request, in order.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public IEnumerable<JsonObject> PaymentIntents => objects.Values.Where(one => (string?)one["object"] == "payment_intent");

    /// <summary>The checkout session that was made last.</summary>
    public string LastSession =>
        (string)objects.Values.Where(one => (string?)one["object"] == "checkout.session").MaxBy(one => Number((string)one["id"]!))!["id"]!;

    public static async Task<FakeStripe> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var stripe = new FakeStripe(builder.Build());
        stripe.web.Run(stripe.Answer);
        await stripe.web.StartAsync();
        return stripe;
    }

    /// <summary>The next request is answered so instead.</summary>
    public void EnqueueResponse(int status, string body) =>
        planned.Enqueue(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });

    /// <summary>The next request is carried out, and its connection closed before the answer.</summary>
    public void EnqueueLostAnswer() =>
        planned.Enqueue(async context =>
        {
            await Carry(context);
            context.Abort();
        });

    /// <summary>The person enters a card on the page of a checkout session.</summary>
    public string EnterCard(string session, string lastFour)
    {
        var method = New(
            "pm",
            new JsonObject
            {
                ["object"] = "payment_method",
                ["type"] = "card",
                ["card"] = new JsonObject
                {
                    ["brand"] = "visa",
                    ["last4"] = lastFour,
                    ["exp_month"] = 7,
                    ["exp_year"] = 2034,
                },
            }
        );
        var setup = New(
            "seti",
            new JsonObject
            {
                ["object"] = "setup_intent",
                ["status"] = "succeeded",
                ["payment_method"] = method["id"]!.DeepClone(),
            }
        );
        var found = objects[session];
        found["status"] = "complete";
        found["setup_intent"] = setup["id"]!.DeepClone();
        return (string)method["id"]!;
    }

    /// <summary>A payment that something else than Latchkey made at the same account of Stripe.</summary>
    public string CreateForeignPayment() =>
        (string)
            New(
                "pi",
                new JsonObject
                {
                    ["object"] = "payment_intent",
                    ["amount"] = 99,
                    ["amount_received"] = 99,
                    ["currency"] = "eur",
                    ["status"] = "succeeded",
                    ["metadata"] = new JsonObject(),
                }
            )["id"]!;

    /// <summary>The person confirms a payment at the bank.</summary>
    public void Confirm(string intent) => Succeed(objects[intent]);

    /// <summary>A payment is canceled in the dashboard.</summary>
    public void Cancel(string intent) => objects[intent]["status"] = "canceled";

    /// <summary>The body of an event about an object, as a webhook sends it.</summary>
    public string Event(string type, string about, string? id = null) =>
        new JsonObject
        {
            ["id"] = id ?? $"evt_{Interlocked.Increment(ref last)}",
            ["object"] = "event",
            ["api_version"] = "2026-10-28.endive",
            ["created"] = 1_796_000_000,
            ["type"] = type,
            ["livemode"] = false,
            ["data"] = new JsonObject { ["object"] = objects[about].DeepClone() },
        }.ToJsonString();

    /// <summary>The header Stripe-Signature for a body.</summary>
    public static string Sign(string body, DateTimeOffset time, params string[] secrets)
    {
        var t = time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signatures = secrets.Select(secret =>
            $"v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes($"{t}.{body}")))}"
        );
        return $"t={t},{string.Join(',', signatures)},v0=00ff";
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();

    private async Task Answer(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        if (planned.TryDequeue(out var instead))
        {
            await instead(context);
            return;
        }

        var (status, body) = await Carry(context);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body);
    }

    /// <summary>Carries a request out, or gives the answer of the first with the same idempotency key.</summary>
    private async Task<(int Status, string Body)> Carry(HttpContext context)
    {
        if (context.Request.Headers.Authorization != $"Bearer {SecretKey}")
        {
            return (401, Error("invalid_request_error", null, "Invalid API Key provided: sk_test_****").ToJsonString());
        }

        using var reader = new StreamReader(context.Request.Body);
        var form = await reader.ReadToEndAsync();
        lock (answers)
        {
            return Carry(context, form); // one after the other: requests with the same key are carried out once
        }
    }

    private (int Status, string Body) Carry(HttpContext context, string form)
    {
        var key = context.Request.Headers["Idempotency-Key"].ToString();
        var request = $"{context.Request.Method} {context.Request.Path} {form}";
        if (key.Length > 0 && answers.TryGetValue(key, out var known))
        {
            context.Response.Headers["Idempotent-Replayed"] = "true";
            return known.Request == request
                ? (known.Status, known.Body)
                : (
                    400,
                    Error("idempotency_error", null, "Keys for idempotent requests can only be used with the same parameters.")
                        .ToJsonString()
                );
        }

        var fields = QueryHelpers.ParseQuery(form).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var (status, answer) = fields.Keys.Any(name => name.StartsWith("payment_method_types", StringComparison.Ordinal))
            ? (400, Error("invalid_request_error", "payment_method_types_no_longer_supported", "Use allowed_payment_method_types."))
            : Route(context.Request, fields);
        var body = answer.ToJsonString();
        if (key.Length > 0 && status < 500)
        {
            answers[key] = (request, status, body);
        }

        return (status, body);
    }

    private (int Status, JsonObject Body) Route(HttpRequest request, Dictionary<string, string> form) =>
        (request.Method, request.Path.Value!.Split('/')[2..]) switch
        {
            ("POST", ["customers"]) => (200, New("cus", new JsonObject { ["object"] = "customer", ["name"] = form["name"] })),
            ("POST", ["checkout", "sessions"]) => CreateSession(form),
            ("GET", ["checkout", "sessions", var id]) => Found(id, Expanded),
            ("POST", ["payment_methods", var id, "detach"]) => Detach(id),
            ("POST", ["payment_intents"]) => CreateIntent(form),
            ("GET", ["payment_intents"]) => (200, ListIntents(request.Query["customer"].ToString())),
            ("GET", ["payment_intents", var id]) => Found(id, one => one),
            ("POST", ["payment_intents", var id, "confirm"]) => Found(id, one => one) is (200, var intent)
                ? Confirm(intent, form)
                : Missing(id),
            _ => (404, Error("invalid_request_error", null, $"Unrecognized request URL ({request.Method}: {request.Path}).")),
        };

    private (int Status, JsonObject Body) CreateSession(Dictionary<string, string> form) =>
        form["mode"] != "setup" || !objects.ContainsKey(form["customer"])
            ? Missing(form["customer"])
            : (
                200,
                New(
                    "cs_test",
                    new JsonObject
                    {
                        ["object"] = "checkout.session",
                        ["created"] = Clock.GetUtcNow().ToUnixTimeSeconds(),
                        ["mode"] = "setup",
                        ["status"] = "open",
                        ["customer"] = form["customer"],
                        ["success_url"] = form["success_url"],
                        ["url"] = $"https://checkout.stripe.com/c/pay/{last + 1}",
                    }
                )
            );

    private (int Status, JsonObject Body) CreateIntent(Dictionary<string, string> form)
    {
        if (long.Parse(form["amount"], CultureInfo.InvariantCulture) is < 1 or > 99_999_999)
        {
            return (400, Error("invalid_request_error", "amount_too_large", "Amount must be no more than 999,999.99."));
        }

        var intent = New(
            "pi",
            new JsonObject
            {
                ["object"] = "payment_intent",
                ["amount"] = long.Parse(form["amount"], CultureInfo.InvariantCulture),
                ["amount_received"] = 0,
                ["currency"] = form["currency"],
                ["customer"] = form["customer"],
                ["description"] = form["description"],
                ["status"] = "requires_confirmation",
                ["metadata"] = new JsonObject(
                    form.Where(pair => pair.Key.StartsWith("metadata[", StringComparison.Ordinal))
                        .Select(pair => KeyValuePair.Create(pair.Key[9..^1], (JsonNode?)pair.Value))
                ),
            }
        );
        return form.GetValueOrDefault("confirm") == "true" ? Confirm(intent, form) : (200, intent);
    }

    private (int Status, JsonObject Body) Confirm(JsonObject intent, Dictionary<string, string> form)
    {
        if ((string?)intent["status"] is not ("requires_confirmation" or "requires_payment_method" or "requires_action"))
        {
            return (400, Error("invalid_request_error", "payment_intent_unexpected_state", "This PaymentIntent cannot be confirmed."));
        }

        if (!objects.TryGetValue(form["payment_method"], out var method))
        {
            return Missing(form["payment_method"]);
        }

        var isOffSession = form.GetValueOrDefault("off_session") == "true";
        switch ((string?)method["card"]?["last4"])
        {
            case Declined:
                return Fail(intent, "card_declined", "insufficient_funds", "Your card has insufficient funds.");
            case AsksToConfirm when isOffSession:
                return Fail(
                    intent,
                    "authentication_required",
                    "authentication_required",
                    "Your card was declined. This transaction requires authentication."
                );
            case AsksToConfirm:
                intent["status"] = "requires_action";
                intent["next_action"] = new JsonObject
                {
                    ["type"] = "redirect_to_url",
                    ["redirect_to_url"] = new JsonObject
                    {
                        ["url"] = $"https://hooks.stripe.com/3d_secure_2/hosted?payment_intent={intent["id"]}",
                        ["return_url"] = form["return_url"],
                    },
                };
                return (200, intent);
            default:
                Succeed(intent);
                return (200, intent);
        }
    }

    private static void Succeed(JsonObject intent)
    {
        intent["status"] = "succeeded";
        intent["amount_received"] = intent["amount"]!.DeepClone();
        intent.Remove("next_action");
        intent.Remove("last_payment_error");
    }

    private static (int Status, JsonObject Body) Fail(JsonObject intent, string code, string declineCode, string message)
    {
        var error = Error("card_error", code, message);
        error["error"]!["decline_code"] = declineCode;
        intent["status"] = "requires_payment_method";
        intent["last_payment_error"] = error["error"]!.DeepClone();
        error["error"]!["payment_intent"] = intent.DeepClone();
        return (402, error);
    }

    private (int Status, JsonObject Body) Detach(string id) =>
        FailsToDetach ? (500, Error("api_error", null, "Something went wrong on Stripe's end."))
        : objects.TryRemove(id, out var method) ? (200, method)
        : Missing(id);

    private JsonObject ListIntents(string customer) =>
        new()
        {
            ["object"] = "list",
            ["has_more"] = false,
            ["url"] = "/v1/payment_intents",
            ["data"] = new JsonArray([.. PaymentIntents.Where(one => (string?)one["customer"] == customer).Select(one => one.DeepClone())]),
        };

    /// <summary>A checkout session with its setup intent and card in place of their ids.</summary>
    private JsonObject Expanded(JsonObject session)
    {
        var copy = session.DeepClone().AsObject();
        if ((string?)copy["setup_intent"] is { } id)
        {
            var setup = objects[id].DeepClone().AsObject();
            setup["payment_method"] = objects.TryGetValue((string)setup["payment_method"]!, out var method) ? method.DeepClone() : null;
            copy["setup_intent"] = setup;
        }

        return copy;
    }

    private (int Status, JsonObject Body) Found(string id, Func<JsonObject, JsonObject> show) =>
        objects.TryGetValue(id, out var one) ? (200, show(one)) : Missing(id);

    private static (int Status, JsonObject Body) Missing(string id) =>
        (404, Error("invalid_request_error", "resource_missing", $"No such object: '{id}'"));

    private static JsonObject Error(string type, string? code, string message) =>
        new()
        {
            ["error"] = new JsonObject
            {
                ["type"] = type,
                ["code"] = code,
                ["message"] = message,
            },
        };

    private static int Number(string id) => int.Parse(id.Split('_')[^1], CultureInfo.InvariantCulture);

    private JsonObject New(string prefix, JsonObject made)
    {
        made["id"] = $"{prefix}_{Interlocked.Increment(ref last)}";
        return objects[(string)made["id"]!] = made;
    }
}
