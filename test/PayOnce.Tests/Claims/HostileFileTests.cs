using System.Text;
using PayOnce.Claims;

namespace PayOnce.Tests.Claims;

/// <summary>Files that are huge, cut off anywhere, or damaged at random: never an exception, never memory without bound, never a claim changed in silence.</summary>
public sealed class HostileFileTests
{
    private const int Megabyte = 1 << 20;

    public static TheoryData<string, string, string, string> HugeLines() => new()
    {
        // One text of 100 MB in a claim of an array, in a line of JSON Lines, in an unquoted and in a quoted cell.
        { "claims.json", $"[{Reading.Json("A-1")},\n{{\"claimId\":\"", $"\"}},\n{Reading.Json("A-3")}]", "claims.json line 2: is larger than 1 MiB; it was passed over" },
        { "claims.jsonl", $"{Reading.Json("A-1")}\n{{\"claimId\":\"", $"\"}}\n{Reading.Json("A-3")}\n", "claims.jsonl line 2: is larger than 1 MiB; it was passed over" },
        { "claims.csv", $"{Reading.CsvHeader}\n{Reading.Csv("A-1")}\nA-2,", $"\n{Reading.Csv("A-3")}\n", "claims.csv line 3, claim A-2: is larger than 64 KiB; it was passed over" },
        { "claims.csv", $"{Reading.CsvHeader}\n{Reading.Csv("A-1")}\nA-2,\"", $"\"\n{Reading.Csv("A-3")}\n", "claims.csv line 3, claim A-2: is larger than 64 KiB; it was passed over" },
    };

    [Theory]
    [MemberData(nameof(HugeLines))]
    public async Task A_line_of_100_MB_is_refused_without_being_kept_and_the_next_claim_is_read(string file, string before, string after, string expected)
    {
        using var content = new EndlessLine(Encoding.UTF8.GetBytes(before), 100L * Megabyte, Encoding.UTF8.GetBytes(after));
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var read = await Reading.ReadAsync(file, content);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.Equal([expected], read.Problems);
        Assert.Equal(["A-1", "A-3"], read.Ids);
        Assert.Equal(1, read.Refused);
        Assert.False(read.Unreadable);
        Assert.True(content.Given > 100L * Megabyte);
        // The buffer doubles up to a little over a megabyte: two and a bit in all.
        Assert.True(allocated < 5 * Megabyte, $"{allocated} bytes were allocated");
    }

    [Theory]
    [InlineData("claims.json", "[{\"claimId\":\"", "claims.json line 1: ends in the middle of a claim that begins at line 1")]
    [InlineData("claims.jsonl", "{\"claimId\":\"", "claims.jsonl line 1: is larger than 1 MiB; it was passed over")]
    [InlineData("claims.csv", "A-1,\"", "claims.csv line 1: has a header larger than 64 KiB")]
    public async Task A_huge_line_that_never_ends_is_no_endless_loop(string file, string before, string expected)
    {
        using var content = new EndlessLine(Encoding.UTF8.GetBytes(before), 8 * Megabyte, []);
        var read = await Reading.ReadAsync(file, content);
        Assert.Equal([expected], read.Problems);
    }

    [Fact]
    public async Task A_row_of_a_claim_that_is_too_large_takes_the_whole_claim_along()
    {
        using var content = new EndlessLine(Encoding.UTF8.GetBytes($"{Reading.CsvHeader}\n{Reading.Csv("A-1")}\n{Reading.Csv("A-2")}\nA-2,"), Megabyte, Encoding.UTF8.GetBytes($"\n{Reading.Csv("A-2")}\n{Reading.Csv("A-3")}\n"));
        var read = await Reading.ReadAsync("claims.csv", content);
        Assert.Equal(["claims.csv line 4, claim A-2: is larger than 64 KiB; it was passed over"], read.Problems.Take(1));
        Assert.DoesNotContain("A-2", read.Claims.Where(claim => claim.Lines.Count != 1).Select(claim => claim.ClaimId));
        Assert.Contains("A-3", read.Ids);
        Assert.DoesNotContain("A-2", read.Ids);
    }

    [Fact]
    public async Task Many_claims_on_one_line_are_no_large_line()
    {
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, ClaimsFormat.Json, ClaimsGenerator.Generate(5000, 4), [], TestContext.Current.CancellationToken);
        var minified = Encoding.UTF8.GetString(file.ToArray()).Replace("\n", "", StringComparison.Ordinal);
        Assert.True(minified.Length > 2 * Megabyte);
        var read = await Reading.ReadAsync("claims.json", minified);
        Assert.Empty(read.Problems);
        Assert.Equal(5000, read.Claims.Count);
    }

    [Theory]
    [InlineData(ClaimsFormat.Json)]
    [InlineData(ClaimsFormat.JsonLines)]
    [InlineData(ClaimsFormat.Csv)]
    public async Task A_file_cut_off_at_any_byte_gives_every_claim_that_was_whole_and_no_other(ClaimsFormat format)
    {
        var claims = ClaimsGenerator.Generate(5, 11).ToList();
        var file = await WriteAsync(claims, format);
        var whole = claims.Select(Reading.Content).ToList();
        for (var length = 1; length < file.Length; length++)
        {
            var read = await Reading.ReadAsync("claims", file[..length]);
            var found = read.Claims.Select(Reading.Content).ToList();
            // The claims that end before the cut, and one of which nobody can tell whether it does: a CSV row that ends where the
            // file does, which is said, or at a row's end with rows of the claim still to come.
            var certain = claims.TakeWhile(claim => EndOf(claim, claims, file, format) <= length).Count();
            Assert.Equal(whole.Take(certain), found.Take(certain));
            Assert.True(found.Count <= certain + 1, $"{length} bytes gave {found.Count} claims");
            if (found.Count == certain + 1 && found[certain] != whole[certain])
            {
                Assert.Equal(ClaimsFormat.Csv, format);
                var atRowEnd = file[length - 1] == '\n';
                Assert.True(atRowEnd || read.Warnings.Any(warning => warning.Contains("does not end with a line break", StringComparison.Ordinal)), $"{length} bytes gave a claim that is not whole, without a word");
            }
            if (format == ClaimsFormat.Json) Assert.Equal(length < file.Length - 1, read.Unreadable);
            if (format == ClaimsFormat.JsonLines) Assert.Equal(!LastLineIsWhole(file, length), read.Unreadable);
        }
    }

    [Theory]
    [InlineData(ClaimsFormat.Json)]
    [InlineData(ClaimsFormat.JsonLines)]
    [InlineData(ClaimsFormat.Csv)]
    public async Task Random_damage_never_throws_and_never_hides(ClaimsFormat format)
    {
        var file = await WriteAsync(ClaimsGenerator.Generate(4, 12), format);
        var random = new Random(20261101);
        ReadOnlyMemory<byte> nasty = "\"\\{}[],:;\n\r\0 -0e.u\t\uFEFF"u8.ToArray();
        for (var round = 0; round < 1500; round++)
        {
            var damaged = file.ToList();
            for (var hits = random.Next(1, 6); hits > 0; hits--)
            {
                var at = random.Next(damaged.Count);
                switch (random.Next(4))
                {
                    case 0: damaged[at] = (byte)random.Next(256); break;
                    case 1: damaged[at] = nasty.Span[random.Next(nasty.Length)]; break;
                    case 2: damaged.Insert(at, nasty.Span[random.Next(nasty.Length)]); break;
                    default: damaged.RemoveRange(at, Math.Min(random.Next(1, 40), damaged.Count - at)); break;
                }
            }
            var content = damaged.ToArray();
            var read = await Reading.ReadAsync("claims", content);
            // The way in which the bytes arrive makes no difference.
            using var pieces = new Pieces(content, random.Next(1, 700));
            var again = await Reading.ReadAsync("claims", pieces);
            Assert.Equal(read.Problems, again.Problems);
            Assert.Equal(read.Claims.Select(Reading.Content), again.Claims.Select(Reading.Content));
            Assert.Equal(read.Unreadable || read.Refused > 0, read.Problems.Count > 0);
        }
    }

    private static async Task<byte[]> WriteAsync(IEnumerable<Claim> claims, ClaimsFormat format)
    {
        using var file = new MemoryStream();
        await ClaimsWriter.WriteAsync(file, format, claims, ClaimsGenerator.Dimensions, TestContext.Current.CancellationToken);
        return file.ToArray();
    }

    private static bool LastLineIsWhole(byte[] file, int length) => file[length - 1] == '\n' || file[length] == '\n';

    /// <summary>How many bytes the file must have for this claim to be known as whole.</summary>
    private static int EndOf(Claim claim, List<Claim> claims, byte[] file, ClaimsFormat format)
    {
        var index = claims.IndexOf(claim);
        var last = index + 1 == claims.Count;
        var next = last ? file.Length : file.AsSpan().IndexOf(Encoding.UTF8.GetBytes(claims[index + 1].ClaimId));
        // JSON: behind the closing brace (before ",\n{" and the like, or before "\n]\n"). CSV: behind the first letter in which the
        // next id differs, since what is cut off before it may be one more row of this claim.
        return format switch
        {
            ClaimsFormat.Csv => last ? next : next + 1 + claim.ClaimId.Zip(claims[index + 1].ClaimId).TakeWhile(pair => pair.First == pair.Second).Count(),
            ClaimsFormat.JsonLines => last ? next - 1 : next - "\n{\"claimId\":\"".Length,
            _ => last ? next - "\n]\n".Length : next - ",\n{\"claimId\":\"".Length,
        };
    }

    /// <summary>Some bytes, then very many of one letter, then some more; made as they are read.</summary>
    private sealed class EndlessLine(byte[] before, long filler, byte[] after) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var position = Given;
            if (position < before.Length) return Give(before.AsSpan((int)position), buffer);
            position -= before.Length;
            if (position >= filler) return Give(after.AsSpan((int)(position - filler)), buffer);
            var size = (int)Math.Min(buffer.Length, filler - position);
            buffer[..size].Fill((byte)'x');
            Given += size;
            return size;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Give(ReadOnlySpan<byte> from, Span<byte> to)
        {
            var size = Math.Min(from.Length, to.Length);
            from[..size].CopyTo(to);
            Given += size;
            return size;
        }
    }

    /// <summary>A file that arrives in pieces, as over a network.</summary>
    private sealed class Pieces(byte[] content, int size) : MemoryStream(content)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
