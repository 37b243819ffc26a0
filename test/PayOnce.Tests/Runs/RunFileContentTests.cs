using System.Text;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Runs;

/// <summary>A file read back from its frozen bytes is the one that was added up, or it is not given out.</summary>
public sealed class RunFileContentTests : IAsyncDisposable
{
    private readonly SqliteDatabase database = new();
    private readonly IStore store;

    public RunFileContentTests() => store = database.Open();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task It_is_read_back_with_its_beginning_its_end_and_what_stands_between_batches(int batchSize)
    {
        var file = await ReservedAsync(batchSize);
        var text = await TextOfAsync(file);
        var rows = Enumerable.Range(1, 5).Select(n => FormattableString.Invariant($"{n} {PayOnce.Guard.ExportKey.Derive(A.Org, $"A-000{n}", 0)} A-000{n} 0 {100 + n} NOK\n"));
        var batches = rows.Chunk(batchSize).Select(batch => string.Concat(batch));
        Assert.Equal("voucher key claim generation amount currency\n" + string.Join("--\n", batches) + "end\n", text);
        Assert.Equal(file.Bytes, text.Length);
    }

    [Fact]
    public async Task Bytes_that_are_not_those_of_the_checksum_are_told_as_damage()
    {
        var file = await ReservedAsync(batchSize: 2) with { Sha256 = new string('0', 64) };
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => TextOfAsync(file));
        Assert.Equal($"The stored bytes of {file.Name} no longer have its checksum. The store is damaged; do not import this file.", fault.Message);
    }

    [Fact]
    public async Task A_file_whose_bytes_were_erased_is_not_read()
    {
        var file = await ReservedAsync(batchSize: 2) with { ErasedAt = A.Day(32) };
        Assert.Equal($"The bytes of {file.Name} were erased on 2026-02-01.", (await Assert.ThrowsAsync<InvalidOperationException>(() => TextOfAsync(file))).Message);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task<string> TextOfAsync(RunFile file)
    {
        using var content = new MemoryStream();
        await RunFileContent.WriteAsync(store, A.Org, file, content, Cancel);
        return Encoding.UTF8.GetString(content.ToArray());
    }

    private async Task<RunFile> ReservedAsync(int batchSize)
    {
        await store.AddOrganisationAsync(A.Organisation(A.Org), "test", Cancel);
        await store.SaveIntegrationAsync(A.Org, "{}", "test", Cancel);
        await store.TakeInAsync(A.Org, A.Records(5), "claims.csv", "test", Cancel);
        var lease = Assert.IsType<LeaseAnswer.Taken>(await store.TakeLeaseAsync(A.LeaseRequest(), _ => false, Cancel)).Lease;
        var renderer = new TextRenderer();
        var file = new FileAssembly(renderer);
        for (var batch = 1; batch <= (5 + batchSize - 1) / batchSize; batch++)
        {
            var first = 1 + ((batch - 1) * batchSize);
            var answer = await store.ReserveAsync(lease, new ReserveRequest(ClaimScope.Everything, batch, null, batchSize), (_, claims) => renderer.Render(claims, first), Cancel);
            file.Add(batch, Assert.Single(Assert.IsType<ReserveAnswer.Reserved>(answer).Batches).Rendered);
        }
        return file.Draft(A.Org, lease.RunId, "csv", folder: null, lastVoucher: 5).AsRunFile(lease.RunId);
    }
}
