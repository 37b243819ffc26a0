namespace PayOnce.App.Tests.Support;

/// <summary>What the server stands on.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}
