using System.Reflection;
using Latchkey.Core;

namespace Latchkey.Tests.Contract;

/// <summary>No code without a test: a client in the stores switches on each of them.</summary>
public sealed class ErrorCodeCoverageTests
{
    /// <summary>In the contract's table, and given by no function yet: 607 and 609 by no function at all.</summary>
    private static readonly int[] OfFunctionsToCome = [607, 609];

    private static readonly int[] Known =
    [
        .. typeof(ErrorCodes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => ((Error)field.GetValue(null)!).Code)
            .Distinct(),
    ];

    private static readonly int[] Covered =
    [
        .. typeof(ErrorCodeCoverageTests)
            .Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .SelectMany(method => method.GetCustomAttributes<CoversAttribute>())
            .Select(covers => covers.Code)
            .Distinct(),
    ];

    [Fact]
    public void Has_a_test() => Known.Except(Covered).Except(OfFunctionsToCome).ShouldBeEmpty();

    [Fact]
    public void That_has_a_test_is_no_longer_awaited() => Covered.Intersect(OfFunctionsToCome).ShouldBeEmpty();

    [Fact]
    public void That_a_test_names_exists() => Covered.Except(Known).ShouldBeEmpty();
}
