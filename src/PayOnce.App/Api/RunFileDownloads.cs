using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Server;
using PayOnce.Runs;
using PayOnce.Stores;

namespace PayOnce.App.Api;

/// <summary>A run's file and its manifest: the same to the byte as often as they are asked for. Giving the file out stands in the audit trail.</summary>
internal static class RunFileDownloads
{
    public static void Map(IEndpointRouteBuilder organisation)
    {
        var run = organisation.MapGroup("/runs/{run:long:min(1)}").WithTags("Runs");
        run.MapGet("/file", FileAsync).WithName("downloadRunFile").Needs(Permission.Read).Gives("application/octet-stream").Refuses(Problems.NotFound, Problems.NotPossible, Problems.Withdrawn);
        run.MapGet("/file/manifest", ManifestAsync).WithName("downloadRunManifest").Needs(Permission.Read).Gives("application/json").Refuses(Problems.NotFound, Problems.NotPossible, Problems.Withdrawn);
    }

    /// <summary>Download a run's file</summary>
    /// <remarks>Its content type is the format's own. Repr-Digest carries its SHA-256; a download that breaks off before the last byte must be thrown away.</remarks>
    public static async Task<IResult> FileAsync(long run, HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        var id = visit.Organisation.OrganisationId;
        var (file, problem) = await FindAsync(store, id, run, cancel);
        if (file is null) return problem!;
        if (file.ErasedAt is { } at) return Problems.Withdrawn.Because(FormattableString.Invariant($"Its contents were erased on {at:yyyy-MM-dd}: the retention time was over."));
        return Give(http, visit, store, file);
    }

    /// <summary>The same for a page's link: a file that can be given out, or why not.</summary>
    public static IResult Give(HttpContext http, Visit visit, IStore store, RunFile file)
    {
        Describe(http.Response, file.Name, file.Sha256);
        return new Sending(visit, store, file);
    }

    /// <summary>Download the manifest of a run's file</summary>
    public static async Task<IResult> ManifestAsync(long run, HttpContext http, Visit visit, IStore store, CancellationToken cancel)
    {
        var (file, problem) = await FindAsync(store, visit.Organisation.OrganisationId, run, cancel);
        if (file is null) return problem!;
        Describe(http.Response, RunFiles.ManifestName(file.Name), sha256: null);
        return TypedResults.Bytes(file.Manifest, "application/json");
    }

    public static async Task<(RunFile? File, ProblemHttpResult? Problem)> FindAsync(IStore store, string id, long run, CancellationToken cancel)
    {
        if (await store.FindRunAsync(id, run, cancel) is null) return (null, Problems.NotFound.Because());
        return await store.FindFileAsync(id, run, cancel) switch
        {
            null => (null, Problems.NotFound.Because("The run has no file: it exported nothing, or over an API.")),
            { State: RunFileState.Withdrawn } => (null, Problems.Withdrawn.Because("Its claims wait again or went out in another run.")),
            { State: RunFileState.Publishing } => (null, Problems.NotPossible.Because("It is not known whether the file was published to its folder. Look there first; then record the import or roll the run back.")),
            { } file => (file, null),
        };
    }

    private static void Describe(HttpResponse response, string name, string? sha256)
    {
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(Plain(name));
        response.Headers.ContentDisposition = disposition.ToString();
        if (sha256 is not null) response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(sha256))}:";
    }

    /// <summary>A name that is one in every system, whatever became of it in the store: no path, no line end, no quote.</summary>
    public static string Plain(string name)
    {
        var plain = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '_')).TrimStart('.');
        return plain.Length == 0 ? "file" : plain;
    }

    /// <summary>Sends the file as it is read. The last byte follows only when the checksum is right: a damaged file is never a whole one.</summary>
    private sealed class Sending(Visit visit, IStore store, RunFile file) : IResult
    {
        public async Task ExecuteAsync(HttpContext http)
        {
            http.Response.ContentType = file.ContentType;
            http.Response.ContentLength = file.Bytes;
            var cancel = http.RequestAborted;
            var id = visit.Organisation.OrganisationId;
            var last = new byte[1];
            var held = 0;
            await foreach (var piece in RunFileContent.ReadAsync(store, id, file, cancel))
            {
                if (piece.IsEmpty) continue;
                if (held > 0) await http.Response.Body.WriteAsync(last, cancel);
                await http.Response.Body.WriteAsync(piece[..^1], cancel);
                (last[0], held) = (piece.Span[^1], 1);
            }
            await http.Response.Body.WriteAsync(last.AsMemory(0, held), cancel);
            await http.Response.CompleteAsync();
            // Whoever has the last byte has the file, also if the connection is gone by now.
            await store.NoteFetchedAsync(id, file.RunId, visit.Actor, CancellationToken.None);
        }
    }
}
