using System.Security.Cryptography;
using System.Text;
using PayOnce.Exporters;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>A run's file is the same whichever of its batches is reserved first: its checksum is of the bytes in the batches' order.</summary>
public sealed class FileAssemblyTests
{
    private static readonly TextRenderer Renderer = new();

    private readonly FileAssembly file = new(Renderer);

    [Theory]
    [InlineData(new[] { 1, 2, 3, 4 }, new[] { 1, 1, 1, 1 })]
    [InlineData(new[] { 4, 3, 2, 1 }, new[] { 0, 0, 0, 4 })]
    [InlineData(new[] { 2, 1, 4, 3 }, new[] { 0, 2, 0, 2 })]
    [InlineData(new[] { 3, 1, 2, 4 }, new[] { 0, 1, 2, 1 })]
    public void Its_bytes_stand_in_the_order_of_the_batches(int[] order, int[] placed)
    {
        string[] texts = ["one\n", "the second, which is longer\n", "3\n", "the fourth, which is longer than any that came before it\n"];
        Assert.Equal(placed, order.Select(batch => Add(batch, texts[batch - 1])));
        IsWhole(Whole(texts));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_batch_that_came_to_nothing_leaves_no_separator(int nothing)
    {
        foreach (var batch in new[] { 3, 2, 1 }) _ = batch == nothing ? file.Skip(batch) : Add(batch, $"{batch}\n");
        IsWhole(string.Join("--\n", Enumerable.Range(1, 3).Where(batch => batch != nothing).Select(batch => $"{batch}\n")));
    }

    [Fact]
    public void It_cannot_be_had_while_a_batch_is_missing()
    {
        Add(1, "one\n");
        Add(3, "three\n");
        Assert.Equal("Batch 2 of run 7 is missing from its file.", Assert.Throws<InvalidOperationException>(() => Draft()).Message);
    }

    [Fact]
    public void Its_name_and_sums_add_up_its_batches_by_currency()
    {
        file.Add(2, Batch("two\n", claims: 2, lines: 5, new ControlTotal("NOK", 1_05), new ControlTotal("EUR", 70)));
        file.Add(1, Batch("one\n", claims: 3, lines: 4, new ControlTotal("NOK", 200_00)));
        var draft = Draft();
        Assert.Equal((5, 9), (draft.Claims, draft.Lines));
        Assert.Equal([new ControlTotal("EUR", 70), new ControlTotal("NOK", 201_05)], draft.ControlTotals);
        Assert.Equal($"hlf-csv-run000007-5claims-0.70EUR_201.05NOK-{draft.Sha256[..8]}.txt", draft.Name);
        Assert.Equal(("/out", 12, "text/plain; charset=utf-8"), (draft.Folder, draft.LastVoucher, draft.ContentType));
    }

    private static string Whole(IEnumerable<string> texts) => string.Join("--\n", texts);

    private static RenderedBatch Batch(string text, int claims = 1, int lines = 1, params ControlTotal[] totals) => new(Encoding.UTF8.GetBytes(text), claims, lines, totals, []);

    private int Add(int batch, string text)
    {
        // Its bytes are only lent.
        var lent = Encoding.UTF8.GetBytes(text);
        var placed = file.Add(batch, new RenderedBatch(lent, 1, 1, [], []));
        Array.Fill(lent, (byte)'x');
        return placed;
    }

    private FileDraft Draft() => file.Draft("hlf", 7, "csv", "/out", lastVoucher: 12);

    private void IsWhole(string middle)
    {
        var whole = Encoding.UTF8.GetBytes("voucher key claim generation amount currency\n" + middle + "end\n");
        var draft = Draft();
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), draft.Sha256);
        Assert.Equal(whole.Length, draft.Bytes);
    }
}
