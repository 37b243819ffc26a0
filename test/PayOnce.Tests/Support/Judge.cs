using System.Text;
using PayOnce.Audit;
using PayOnce.Guard;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.Tests.Support;

/// <summary>
/// The judgement at the end of every trial, made on the files that left and not on what PayOnce says of itself: no claim in two
/// files, every exported claim in exactly one, and every other claim waits, or is in doubt in front of a person.
/// </summary>
public static class Judge
{
    /// <summary>How many claims ended where. Fails the test where a claim left twice, or is lost.</summary>
    /// <param name="folder">Where files are published; null where PayOnce gives them out.</param>
    public static async Task<Verdict> JudgeAsync(IStore store, string organisationId, string? folder, CancellationToken cancel)
    {
        var booked = new Dictionary<string, int>(StringComparer.Ordinal);
        await foreach (var file in FilesThatLeftAsync(store, organisationId, folder, cancel))
            foreach (var key in KeysOf(file).Distinct(StringComparer.Ordinal)) booked[key] = booked.GetValueOrDefault(key) + 1;
        return await JudgeAsync(store, organisationId, booked, cancel);
    }

    /// <summary>The same over an API, on the accounting system's own book.</summary>
    /// <param name="keys">The export key of everything that pays there, as often as it stands there.</param>
    public static Task<Verdict> JudgeBookAsync(IStore store, string organisationId, IEnumerable<string> keys, CancellationToken cancel) =>
        JudgeAsync(store, organisationId, keys.CountBy(key => key, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal), cancel);

    private static async Task<Verdict> JudgeAsync(IStore store, string organisationId, Dictionary<string, int> booked, CancellationToken cancel)
    {
        var verdict = new Verdict(0, 0, 0, 0);
        PageCursor? after = null;
        while (await store.ListClaimsAsync(organisationId, new ClaimFilter(), after, 10_000, cancel) is { Count: > 0 } page)
        {
            foreach (var claim in page) verdict = Count(verdict, claim, booked.GetValueOrDefault(claim.ExportKey));
            after = new PageCursor(page[^1].ApprovedAt, page[^1].ClaimId);
        }
        Assert.Empty(await store.CheckAsync(cancel));
        Assert.Empty((await AuditVerification.VerifyAsync(store, organisationId, cancel)).Problems);
        return verdict;
    }

    private static Verdict Count(Verdict verdict, ClaimSummary claim, int times)
    {
        Assert.True(times <= 1, $"{claim.ClaimId} left {times} times.");
        switch (claim.Mark?.State)
        {
            case MarkState.Exported:
                Assert.True(times == 1, $"{claim.ClaimId} is marked exported and is nowhere.");
                Assert.False(claim.Waiting, $"{claim.ClaimId} is exported and waits.");
                return verdict with { Exported = verdict.Exported + 1 };
            case MarkState.InDoubt:
                Assert.False(claim.Waiting, $"{claim.ClaimId} is in doubt and waits.");
                return verdict with { InDoubt = verdict.InDoubt + 1 };
            case MarkState.Reserved:
                return verdict with { Reserved = verdict.Reserved + 1 };
            default:
                Assert.True(times == 0, $"{claim.ClaimId} left and is marked {claim.Mark?.State.ToString() ?? "nothing"}.");
                Assert.True(claim.Waiting, $"{claim.ClaimId} is lost: it neither left nor waits.");
                return verdict with { Waiting = verdict.Waiting + 1 };
        }
    }

    // What the accounting system would book: every file in the folder, or every file that PayOnce gives out.
    private static async IAsyncEnumerable<string> FilesThatLeftAsync(IStore store, string organisationId, string? folder, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        if (folder is not null)
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*.csv").Where(path => !Path.GetFileName(path).StartsWith('.'))) yield return await File.ReadAllTextAsync(path, cancel);
            yield break;
        }
        foreach (var run in await store.ListRunsAsync(organisationId, null, 10_000, cancel))
        {
            if (await store.FindFileAsync(organisationId, run.RunId, cancel) is not { State: RunFileState.Available } file) continue;
            using var content = new MemoryStream();
            await RunFileContent.WriteAsync(store, organisationId, file, content, cancel);
            yield return Encoding.UTF8.GetString(content.ToArray());
        }
    }

    private static IEnumerable<string> KeysOf(string csv)
    {
        var rows = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var column = Array.IndexOf(rows[0].TrimStart('\ufeff').Split(';'), "export_key");
        Assert.True(column >= 0, "The file has no column export_key.");
        return rows.Skip(1).Select(row => row.Split(';')[column]);
    }
}

/// <summary>How many claims ended where.</summary>
public sealed record Verdict(int Exported, int InDoubt, int Waiting, int Reserved)
{
    public int Claims => Exported + InDoubt + Waiting + Reserved;
}
