using System.Buffers.Binary;
using System.Text;

namespace PayOnce.EndToEnd.Tests.Otlp;

/// <summary>
/// A message of Protocol Buffers by the numbers of its fields (protobuf.dev, "Encoding"), read here by hand so that what is on the
/// wire is judged and not what the sender's own library makes of it.
/// </summary>
internal sealed class ProtoMessage
{
    private readonly List<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> fields = [];

    public ProtoMessage(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var tag = TakeVarint(ref bytes);
            var number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0: fields.Add((number, TakeVarint(ref bytes), default)); break;
                case 1: fields.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref bytes, 8).Span), default)); break;
                case 2: fields.Add((number, 0, Take(ref bytes, (int)TakeVarint(ref bytes)))); break;
                case 5: fields.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref bytes, 4).Span), default)); break;
                case var kind: throw new InvalidDataException($"Field {number} is of kind {kind}, which the format does not have.");
            }
        }
    }

    public IEnumerable<ProtoMessage> All(int number) => fields.Where(field => field.Number == number).Select(field => new ProtoMessage(field.Bytes));

    /// <summary>The messages at the end of a path of field numbers.</summary>
    public IEnumerable<ProtoMessage> All(params ReadOnlySpan<int> path)
    {
        IEnumerable<ProtoMessage> found = [this];
        foreach (var number in path) found = found.SelectMany(each => each.All(number)).ToList();
        return found;
    }

    public bool Has(int number) => fields.Exists(field => field.Number == number);

    public ulong Number(int number) => fields.Find(field => field.Number == number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Number(number));

    public string Text(int number) => Encoding.UTF8.GetString(fields.Find(field => field.Number == number).Bytes.Span);

    public string Hex(int number) => Convert.ToHexString(fields.Find(field => field.Number == number).Bytes.Span);

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> bytes, int length)
    {
        var taken = bytes[..length];
        bytes = bytes[length..];
        return taken;
    }

    private static ulong TakeVarint(ref ReadOnlyMemory<byte> bytes)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref bytes, 1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
