using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Pages.Claims;
using PayOnce.App.Dashboard.Pages.Start;
using PayOnce.App.Server;
using PayOnce.Claims;
using PayOnce.Exporters;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>Takes claims in from an uploaded file, while it comes in.</summary>
internal static class ImportUploads
{
    /// <summary>Bytes: some two million claims. A larger file goes by the command line or in parts.</summary>
    public const long LargestFile = 500_000_000;

    // What the form has around the file.
    private const long Around = 64 * 1024;

    public static void MapImportUploads(this IEndpointRouteBuilder app) =>
        app.MapPost("/o/{org}/import/file", TakeInAsync).Needs(Permission.BringClaims).DisableAntiforgery();

    // The token is checked by the upload itself, before the file is read: antiforgery would read the whole of it first.
    private static async Task<IResult> TakeInAsync(string org, HttpContext http, IServerStore store, Visit visit, Words words)
    {
        try
        {
            if (await Upload.ReadAsync(http, LargestFile + Around) is not { } upload) return Results.BadRequest();
            if (upload.Content is not { } content) return Form(org, StatusCodes.Status422UnprocessableEntity, words.ChooseFileMissing);
            var stored = await store.FindIntegrationAsync(org, http.RequestAborted);
            var rules = stored is null ? IntakeRules.None : new IntakeRules(IntegrationSettings.FromStored(stored.SettingsJson).Currencies);
            var report = await ClaimsImport.RunAsync(store, visit.Organisation, rules, upload.FileName, content, visit.Actor, http.RequestServices.GetRequiredService<TimeProvider>(), progress: null, http.RequestAborted);
            var status = report.Unreadable || report.Refused > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
            return PageResult.Of<ImportDone>(status, ("Org", org), ("FileName", upload.FileName), ("Report", report));
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Form(org, StatusCodes.Status413PayloadTooLarge, words.FileTooLarge(LargestFile / 1_000_000));
        }
    }

    private static RazorComponentResult<Answered> Form(string org, int status, string error) => PageResult.Of<ImportForm>(status, ("Org", org), ("Error", error));
}
