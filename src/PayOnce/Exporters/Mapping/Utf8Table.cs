using System.Text;

namespace PayOnce.Exporters.Mapping;

/// <summary>A look-up from text to text, asked with UTF-8 as it stands in a claim's lines. Compared to the byte, so case counts.</summary>
internal sealed class Utf8Table
{
    private readonly byte[][] keys;
    private readonly byte[][] values;

    public Utf8Table(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        var sorted = pairs.Select(pair => (Key: Encoding.UTF8.GetBytes(pair.Key), Value: Encoding.UTF8.GetBytes(pair.Value))).ToArray();
        Array.Sort(sorted, (left, right) => left.Key.AsSpan().SequenceCompareTo(right.Key));
        keys = [.. sorted.Select(pair => pair.Key)];
        values = [.. sorted.Select(pair => pair.Value)];
    }

    /// <summary>Null if there is none.</summary>
    public byte[]? Find(ReadOnlySpan<byte> key)
    {
        var (low, high) = (0, keys.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = key.SequenceCompareTo(keys[middle]);
            if (order == 0) return values[middle];
            if (order < 0) high = middle - 1;
            else low = middle + 1;
        }
        return null;
    }
}
