using Microsoft.AspNetCore.Components;

namespace Latchkey.Core;

/// <summary>The files of the folder wwwroot, embedded in the program.</summary>
public static class EmbeddedAssets
{
    /// <summary>The prefix of their resource names.</summary>
    private const string Prefix = "wwwroot/";

    public static IReadOnlyList<EmbeddedAsset> All { get; } = [.. Names().Select(Read)];

    /// <summary>The versioned path of each asset; pages use <c>@Assets["css/portal.css"]</c>.</summary>
    public static ResourceAssetCollection VersionedPaths { get; } =
        new([.. All.Select(asset => new ResourceAsset(asset.VersionedPath, [new ResourceAssetProperty("label", asset.Path)]))]);

    /// <summary>Maps each asset at its own and its versioned path.</summary>
    public static void MapEmbeddedAssets(this IEndpointRouteBuilder routes)
    {
        foreach (var asset in All)
        {
            Map(routes, asset.Path, context => asset.Send(context, isVersioned: false));
            Map(routes, asset.VersionedPath, context => asset.Send(context, isVersioned: true));
        }
    }

    private static void Map(IEndpointRouteBuilder routes, string path, RequestDelegate send) =>
        routes.MapGet($"/{path}", send).ExcludeFromDescription();

    private static IEnumerable<string> Names() =>
        typeof(EmbeddedAssets).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal));

    private static EmbeddedAsset Read(string name)
    {
        using var resource =
            typeof(EmbeddedAssets).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is not in the program");
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return new(name[Prefix.Length..], content);
    }
}
