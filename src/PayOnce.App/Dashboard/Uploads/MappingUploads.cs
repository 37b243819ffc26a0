using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Downloads;
using PayOnce.App.Dashboard.Pages.Settings.Columns;
using PayOnce.App.Dashboard.Pages.Start;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>A mapping out to a file, and from a file into the form that a person then saves.</summary>
internal static class MappingUploads
{
    private const long Around = 64 * 1024;

    public static void MapMappingFiles(this IEndpointRouteBuilder app)
    {
        app.MapGet("/o/{org}/settings/mapping.json", DownloadAsync).Needs(Permission.Read);
        app.MapPost("/o/{org}/settings/mapping/import/read", ReadAsync).Needs(Permission.Configure).DisableAntiforgery();
    }

    private static async Task<IResult> DownloadAsync(string org, IStore store, CancellationToken gone)
    {
        if (await store.FindIntegrationAsync(org, gone) is not { } stored) return Results.NotFound();
        var file = MappingFile.Write(MappingState.Of(stored));
        return new Attachment($"{org}-mapping.json", "application/json; charset=utf-8", (to, cancel) => to.WriteAsync(file, cancel).AsTask());
    }

    private static async Task<IResult> ReadAsync(string org, HttpContext http, IStore store, Words words)
    {
        var tooLarge = words.MappingFileTooLarge(MappingFile.Largest / 1000);
        try
        {
            if (await Upload.ReadAsync(http, MappingFile.Largest + Around) is not { } upload) return Results.BadRequest();
            if (upload.Content is not { } content) return Refused(org, StatusCodes.Status422UnprocessableEntity, words.ChooseFileMissing, []);
            if (await CarriedList.ReadAsync(content, MappingFile.Largest, http.RequestAborted) is not { } file) return Refused(org, StatusCodes.Status413PayloadTooLarge, tooLarge, []);
            var stored = await store.FindIntegrationAsync(org, http.RequestAborted);
            var rest = MappingState.Of(stored);
            var (settings, problems) = MappingFile.Read(upload.FileName, file, rest);
            if (settings is null) return Refused(org, StatusCodes.Status422UnprocessableEntity, words.MappingFileWrong(problems.Count), problems);
            var (_, state) = new MappingState(MappingForm.Of(settings), stored?.Version ?? 0, rest).Check(words);
            return PageResult.Of<MappingEditor>(state.Errors.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity, ("Org", org), ("State", state));
        }
        catch (BadHttpRequestException fault) when (fault.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refused(org, StatusCodes.Status413PayloadTooLarge, tooLarge, []);
        }
    }

    private static RazorComponentResult<Answered> Refused(string org, int status, string error, IReadOnlyList<Problem> problems) =>
        PageResult.Of<MappingImport>(status, ("Org", org), ("Error", error), ("Problems", problems));
}
