using System.Globalization;
using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Operations.UserTransfer;

/// <summary>Assigns the columns or JSON properties of a row to fields.</summary>
public sealed class RowReader(SourceColumns columns, TimeProvider clock)
{
    private const int MaxListed = 100;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Reads a cell of a CSV file.</summary>
    public void Read(RowValues values, SourceColumn column, string cell)
    {
        if (column.Target is { } target)
        {
            ForeignText.Set(values, target, cell, clock);
        }

        if (column.HasBelow && cell.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            ReadJsonCell(values, column, cell);
        }
        else if (column.Target is null && cell.Length > 0 && !ImportText.IsNull(UserField.MetaData, cell))
        {
            columns.AddUnknown(column.Path);
        }
    }

    /// <summary>Reads a user of a JSON file.</summary>
    public void Read(RowValues values, ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                values.Problem = "not a JSON object";
                return;
            }

            foreach (var property in document.RootElement.EnumerateObject())
            {
                Read(values, columns.Find(property.Name), property.Value, isWithin: false);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            values.Problem = "not JSON, deeper than 16, or with a name twice";
        }
    }

    private void ReadJsonCell(RowValues values, SourceColumn column, string cell)
    {
        try
        {
            using var document = JsonDocument.Parse(cell, Strict);
            ReadWithin(values, column.Path, document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            values.Problem ??= $"{Strings.Printable(Strings.Truncate(column.Path, 60))}: not JSON";
        }
    }

    /// <param name="isWithin">True for a nested property.</param>
    private void Read(RowValues values, SourceColumn column, JsonElement wrapped, bool isWithin)
    {
        var value = JsonScalar.Unwrap(wrapped);
        var isContainer = value.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        var isTaken =
            column.Target is { } target
            && (isContainer ? SetContainer(values, column, target, value) : SetScalar(values, target, value, isWithin));
        if (isTaken)
        {
            return;
        }

        if (column.HasBelow && isContainer)
        {
            ReadWithin(values, column.Path, value);
        }
        else if (column.Target is { Field: not null } refused && (refused.Rank == 0 || !isContainer))
        {
            values.Problem ??= $"{refused.Name}: not a text";
        }
        else if (isWithin)
        {
            columns.AddIgnored(column.Path);
        }
        else
        {
            columns.AddUnknown(column.Path);
        }
    }

    /// <summary>Reads the properties of an object, or of each object in a list, which have the same paths.</summary>
    private void ReadWithin(RowValues values, string path, JsonElement container)
    {
        if (container.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in container.EnumerateObject())
            {
                Read(values, columns.Find($"{path}.{property.Name}"), property.Value, isWithin: true);
            }

            return;
        }

        foreach (var (i, element) in container.EnumerateArray().Take(MaxListed).Index())
        {
            if (columns.Find(string.Create(CultureInfo.InvariantCulture, $"{path}.{i}")) is { } column && IsKnown(column))
            {
                Read(values, column, element, isWithin: true);
            }
            else if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
            {
                ReadWithin(values, path, element);
            }
            else
            {
                columns.AddIgnored(path);
            }
        }
    }

    private bool SetScalar(RowValues values, FieldTarget target, JsonElement value, bool isWithin)
    {
        if (target is { IsMetadata: true, Path.Length: 0 })
        {
            MetadataReader.Read(values, target, value);
            return true;
        }

        if (Field.FromJson(value) is not { Kind: not FieldKind.Other } scalar)
        {
            return false;
        }

        if (!ForeignText.Set(values, target, scalar.Text, clock) && !isWithin && target.Rank == 0)
        {
            values.Problem ??= $"{target.Name}: there twice";
        }

        return true;
    }

    /// <summary>Returns false when the target does not accept objects or lists.</summary>
    private bool SetContainer(RowValues values, SourceColumn column, FieldTarget target, JsonElement value)
    {
        if (target.Reading == ColumnReading.Envelope || (target.Reading == ColumnReading.Attributes && IsEnvelope(value)))
        {
            return ReadEnvelope(values, column.Path, value);
        }

        if (target.Field is null)
        {
            return !column.HasBelow;
        }

        if (target.IsMetadata)
        {
            SetMetadata(values, column.Path, target, value);
            return true;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        switch (target.Reading)
        {
            case ColumnReading.LinkedAccounts:
                LinkedAccounts.Read(values, value);
                return true;
            case ColumnReading.LinkedIdentities:
                LinkedAccounts.ReadLinked(values, value);
                return true;
            case ColumnReading.KeycloakCredentials:
                KeycloakCredentials.Read(values, value);
                return true;
            case ColumnReading.VerifiedAddresses:
                values.AddVerified(JsonScalar.VerifiedAddresses(value));
                return true;
            default:
                return value.GetArrayLength() == 1
                    && JsonScalar.Unwrap(value[0]) is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) } only
                    && SetScalar(values, target, only, isWithin: true);
        }
    }

    private void SetMetadata(RowValues values, string path, FieldTarget target, JsonElement value)
    {
        if (IsFirebaseMetadata(value))
        {
            foreach (var property in value.EnumerateObject())
            {
                Read(values, columns.Find(property.Name), property.Value, isWithin: true);
            }
        }
        else if (target.Reading != ColumnReading.Attributes)
        {
            MetadataReader.Read(values, target, value);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (var (name, named) in JsonScalar.NamedValues(value))
            {
                Read(values, columns.Find(name), named, isWithin: true);
            }
        }
        else
        {
            MetadataReader.Read(values, target, value);
            foreach (var property in value.EnumerateObject())
            {
                if (columns.Find($"{path}.{property.Name}") is { Target: not null } known)
                {
                    Read(values, known, property.Value, isWithin: true); // Keycloak stores the locale and the phone number here
                }
            }
        }
    }

    /// <summary>Whether it is the <c>metadata</c> of Firebase's Admin SDK, which has the times of the account.</summary>
    private static bool IsFirebaseMetadata(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object
        && value.TryGetProperty("creationTime", out _)
        && value.TryGetProperty("lastSignInTime", out _);

    private static bool IsEnvelope(JsonElement attributes) =>
        attributes.ValueKind == JsonValueKind.Object
        && attributes.EnumerateObject().Any(property => ColumnAliases.IsHandleOrUserName(property.Name));

    /// <summary>Reads the properties of an envelope like top-level properties, by name or by path.</summary>
    private bool ReadEnvelope(RowValues values, string path, JsonElement envelope)
    {
        if (envelope.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        foreach (var property in envelope.EnumerateObject())
        {
            var byPath = columns.Find($"{path}.{property.Name}");
            var column = IsKnown(byPath) ? byPath : columns.Find(property.Name);
            Read(values, IsKnown(column) ? column : byPath, property.Value, isWithin: false);
        }

        return true;
    }

    private static bool IsKnown(SourceColumn column) => column.Target is not null || column.HasBelow;
}
