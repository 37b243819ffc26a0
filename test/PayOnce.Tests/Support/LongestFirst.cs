using Xunit.Sdk;
using Xunit.v3;

namespace PayOnce.Tests.Support;

/// <summary>Classes run side by side, the tests of each one after the other: the longest begin first, or the last of them is waited for alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Longest = ["BarrierWalkTests", "PostgresStoreConformance", "PostgresApiEngineCrash", "PostgresEngineCrash", "SqliteEngineCrash", "SqliteApiEngineCrash", "PostgresIsolationTests", "SimulatorTests"];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    private static int PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)) is var place and >= 0 ? place : Longest.Length;
}
