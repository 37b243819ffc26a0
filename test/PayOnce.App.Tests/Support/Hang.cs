namespace PayOnce.App.Tests.Support;

/// <summary>What ends a test that would wait for ever.</summary>
internal static class Hang
{
    /// <summary>In milliseconds. No measure of speed: what takes seconds on a quiet machine has taken minutes on one that did much else.</summary>
    public const int Limit = 20 * 60_000;
}
