using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

// One PostgreSQL and one Chromium for all tests; each starts when the first test asks for it.
[assembly: AssemblyFixture(typeof(PostgresCluster))]
[assembly: AssemblyFixture(typeof(Browser))]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]
