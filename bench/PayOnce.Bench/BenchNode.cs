namespace PayOnce.Bench;

/// <summary>A process that nobody else is.</summary>
internal sealed class BenchNode : INode
{
    private long numbers;

    public string Holder => "bench";

    public bool IsGone(string holder) => false;

    public long NextNumber() => Interlocked.Increment(ref numbers);
}
