namespace PayOnce.Bench;

/// <summary>A process that nobody else is.</summary>
internal sealed class BenchNode : INode
{
    public string Holder => "bench";

    public bool IsGone(string holder) => false;
}
