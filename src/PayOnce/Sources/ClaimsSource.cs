using PayOnce.Exporters.Api;
using PayOnce.Sources.Postgres;
using PayOnce.Stores;

namespace PayOnce.Sources;

/// <summary>An organisation's own database, as the host uses it: tried, read, and told what became of its claims.</summary>
/// <param name="store">Where the claims go.</param>
/// <param name="sources">Where it stands how far they were read; mostly the same store.</param>
/// <param name="rules">Which addresses may be connected to.</param>
public sealed class ClaimsSource(IStore store, ISourceStore sources, ISourceSecrets secrets, EndpointRules rules, TimeProvider clock) : IClaimsSource
{
    /// <summary>Who reads, in the audit trail; and who has withdrawn what is withdrawn there.</summary>
    public const string Actor = "source";

    /// <summary>A reading whose process says nothing for so long is over. Longer than the longest query and one intake.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromMinutes(10);

    /// <summary>How often the organisation's own database is looked at for something to tell it.</summary>
    public static readonly TimeSpan WriteBackInterval = TimeSpan.FromSeconds(15);

    /// <summary>The longest wait after tries to tell that failed.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    /// <summary>How often somebody who waits for another reading looks.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <summary>Tries the source as these settings say, without reading a claim. Sentences about what is wrong; empty if it can be used.</summary>
    public async Task<IReadOnlyList<string>> TestAsync(string organisationId, SourceSettings settings, CancellationToken cancel)
    {
        var (database, trouble) = await OpenAsync(organisationId, settings, cancel);
        if (database is null) return [trouble!];
        await using var opened = database;
        try
        {
            return await database.CheckAsync(cancel);
        }
        catch (SourceFaultException fault)
        {
            return [fault.Message];
        }
    }

    /// <summary>Why a connection string cannot be used, as the end of a sentence that does not repeat it; null if it can.</summary>
    public static string? WrongConnection(string text) => SourceConnection.Parse(text).Rule;

    /// <inheritdoc/>
    public async Task<Problem?> ReadBeforeRunAsync(string organisationId, CancellationToken cancel)
    {
        try
        {
            var answer = await ReadInTurnAsync(organisationId, cancel);
            if (cancel.IsCancellationRequested) return null;
            return answer is SourceAnswer.Failed failed ? new Problem($"could not be read: {failed.Why} A claim that was withdrawn there must not leave; switch the source off to export all the same.") { Field = "source" } : null;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Reads everything that is new, withdrawn, or was refused before.</summary>
    public async Task<SourceAnswer> ReadAsync(string organisationId, CancellationToken cancel)
    {
        if (await sources.FindSourceAsync(organisationId, cancel) is not { Settings.Enabled: true }) return SourceAnswer.Off.Instance;
        if (await sources.TakeReadingAsync(organisationId, Hold, cancel) is not { } taken) return SourceAnswer.Busy.Instance;
        var failure = await TryReadAsync(taken, cancel);
        if (!await sources.EndReadingAsync(taken, failure, CancellationToken.None)) return new SourceAnswer.Failed("The source was changed, or another reading began, before this one ended.");
        if (failure is not null) return new SourceAnswer.Failed(failure);
        return new SourceAnswer.Done((await sources.FindSourceAsync(organisationId, CancellationToken.None))!.Last!);
    }

    /// <summary>As <see cref="ReadAsync"/>, once no other reading goes on: what the other one began with may be older than what stands there now.</summary>
    /// <param name="organisationId">Whose source is read.</param>
    /// <param name="cancel">Ends the wait with <see cref="OperationCanceledException"/>, a reading with an answer.</param>
    public async Task<SourceAnswer> ReadInTurnAsync(string organisationId, CancellationToken cancel)
    {
        while (true)
        {
            var answer = await ReadAsync(organisationId, cancel);
            if (answer is not SourceAnswer.Busy) return answer;
            await Task.Delay(Poll, clock, cancel);
        }
    }

    /// <summary>Tells their database of every run that has changed since. What fails is tried again later, after ever longer waits, for as long as it takes.</summary>
    /// <returns>Why the try failed; null if everything was told, or there was nothing to do.</returns>
    public async Task<string?> WriteBackAsync(string organisationId, CancellationToken cancel)
    {
        if (await sources.TakeWriteBackAsync(organisationId, Hold, cancel) is not { Settings.WriteBackTable: not null } source) return null;
        var failure = await TryWriteBackAsync(source, cancel);
        var wait = failure is null ? WriteBackInterval : TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, WriteBackInterval.TotalSeconds * Math.Pow(2, Math.Min(source.WriteBack.Tries, 20))));
        await sources.EndWriteBackAsync(organisationId, wait, failure, CancellationToken.None);
        return failure;
    }

    private async Task<string?> TryReadAsync(TakenReading taken, CancellationToken cancel)
    {
        var (database, trouble) = await OpenAsync(taken.Source.OrganisationId, taken.Source.Settings, cancel);
        if (database is null) return trouble;
        await using var opened = database;
        try
        {
            // Looked at each time: a view may be changed between two readings.
            if (await database.CheckAsync(cancel) is { Count: > 0 } wrong) return string.Join(' ', wrong);
            return await new SourceReading(store, sources, database, taken, clock).RunAsync(cancel);
        }
        catch (SourceFaultException fault)
        {
            return fault.Message;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return "It was stopped.";
        }
    }

    private async Task<string?> TryWriteBackAsync(StoredSource source, CancellationToken cancel)
    {
        var id = source.OrganisationId;
        SourceDatabase? database = null;
        try
        {
            while (await sources.ListUnwrittenRunsAsync(id, size: 20, cancel) is { Count: > 0 } runs)
            {
                if (database is null && (await OpenAsync(id, source.Settings, cancel)) is var (opened, trouble) && (database = opened) is null) return trouble;
                foreach (var run in runs)
                {
                    await new WriteBack(store, database!).TellAsync(id, run.RunId, cancel);
                    await sources.NoteWrittenAsync(id, run, cancel);
                }
            }
            return null;
        }
        catch (SourceFaultException fault)
        {
            return fault.Message;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return "It was stopped.";
        }
        finally
        {
            if (database is not null) await database.DisposeAsync();
        }
    }

    private async Task<(SourceDatabase? Database, string? Trouble)> OpenAsync(string organisationId, SourceSettings settings, CancellationToken cancel)
    {
        var (connection, missing) = await secrets.FindAsync(organisationId, cancel);
        if (connection is null) return (null, missing);
        var (parts, rule) = SourceConnection.Parse(connection);
        if (parts is null) return (null, $"The connection string {rule}.");
        var (source, trouble) = await SourceConnection.OpenAsync(parts, rules, TimeSpan.FromSeconds(settings.StatementSeconds), cancel);
        return source is null ? (null, trouble) : (new SourceDatabase(source, settings), null);
    }
}
