using PayOnce.Mutation;
using PayOnce.Tests.Crash;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(QuickFirst))]

namespace PayOnce.Mutation;

/// <summary>The first test that fails ends the run: tests of single classes come first, then seeds, and the crash tests for what neither notices.</summary>
public sealed class QuickFirst : ITestCollectionOrderer
{
    private static readonly string[] Slow = [nameof(SeedTests), nameof(SqliteApiEngineCrash), nameof(SqliteEngineCrash)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => Array.FindIndex(Slow, name => collection.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)))];
}
