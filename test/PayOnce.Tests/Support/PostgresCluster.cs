namespace PayOnce.Tests.Support;

/// <summary>A real PostgreSQL of the tests' own.</summary>
public sealed class PostgresCluster;
