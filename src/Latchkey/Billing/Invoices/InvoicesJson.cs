using System.Text.Json.Serialization;
using Latchkey.Core;

namespace Latchkey.Billing.Invoices;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(EnumNameConverter<InvoiceKind>), typeof(EnumNameConverter<InvoiceStatus>), typeof(EnumNameConverter<LineKind>)]
)]
[JsonSerializable(typeof(InvoiceDocument))]
[JsonSerializable(typeof(InvoiceText))]
public sealed partial class InvoicesJson : JsonSerializerContext;
