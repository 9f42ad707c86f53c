using System.Text;
using System.Text.Json;
using Latchkey.Core;

namespace Latchkey.Storage;

/// <summary>Judges what an app asks for with createAsset, against the application's settings.</summary>
public static class AssetDraft
{
    private const int MaxCaptionLength = 1000;
    private const int MaxExtraBytes = 4096;
    private static readonly JsonDocumentOptions StrictJson = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    /// <summary>
    /// The file without ids and times. 602 for a path, type, cut, caption or document that is not allowed anywhere, 723 for a size or type
    /// that this application does not allow.
    /// </summary>
    public static Result<Asset> Validate(StorageSettings settings, NewAsset asked)
    {
        if (AssetPath.Parse(asked.Path).Failed(out var path, out var badPath))
        {
            return badPath;
        }

        if (AssetCut.Parse(asked.Cuts).Failed(out var cuts, out var badCuts))
        {
            return badCuts;
        }

        if (ContentTypes.ParseOne(asked.ContentType) is not { } type)
        {
            return ErrorCodes.InvalidData.WithCause("contentType is not a media type");
        }

        if (ValidateTexts(asked) is { } badText)
        {
            return badText;
        }

        if (asked.Size > settings.MaxBytes || cuts.Any(cut => cut.Size > settings.MaxBytes))
        {
            return ErrorCodes.FileNotAllowed.WithCause("too large");
        }

        return !new ContentTypes(settings.ContentTypes).Allow(type)
            ? ErrorCodes.FileNotAllowed.WithCause($"the type {type}")
            : new Asset
            {
                Path = path.Text,
                Name = path.KeyName,
                ContentType = type,
                Size = asked.Size,
                Cuts = AssetCut.Write(cuts),
                Bytes = asked.Size + cuts.Sum(cut => cut.Size),
                Caption = asked.Caption ?? "",
                Extra = asked.Extra ?? "",
                LinkHours = (int)(asked.ExpirationHours ?? settings.LinkHours),
            };
    }

    private static Error? ValidateTexts(NewAsset asked) =>
        asked.Size < 1 ? ErrorCodes.InvalidData.WithCause("size is less than 1")
        : asked.ExpirationHours > StorageInputReader.MaxLinkHours ? ErrorCodes.InvalidData.WithCause("expirationHours is over 168")
        : asked.Caption?.Length > MaxCaptionLength ? ErrorCodes.InvalidData.WithCause("caption is too long")
        : asked.Extra is { } extra && !IsDocument(extra) ? ErrorCodes.InvalidData.WithCause("extra is not a JSON object, or too long")
        : null;

    private static bool IsDocument(string json)
    {
        if (Encoding.UTF8.GetByteCount(json) > MaxExtraBytes)
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(json, StrictJson);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
