using Microsoft.AspNetCore.Http.HttpResults;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Pages.Start;
using PayOnce.App.Dashboard.Parts;
using PayOnce.App.Server;
using PayOnce.Claims;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>Registers claims that left before PayOnce came: shows what a list would do, then does it with a reason.</summary>
internal static class AdoptUploads
{
    /// <summary>Bytes: some two hundred thousand claims. A longer list goes by the command line or in parts.</summary>
    public const long LargestFile = 5_000_000;

    private const long Around = 64 * 1024;

    // Base64 of what was compressed; a list that does not compress is as long as itself and a third.
    private const int LongestCarried = 8_000_000;

    public static void MapAdoptUploads(this IEndpointRouteBuilder app)
    {
        app.MapPost("/o/{org}/start/adopt/check", CheckAsync).Needs(Permission.Decide).DisableAntiforgery();
        app.MapPost("/o/{org}/start/adopt/register", RegisterAsync).Needs(Permission.Decide).DisableAntiforgery();
    }

    private static async Task<IResult> CheckAsync(string org, HttpContext http, IServerStore store, Words words)
    {
        try
        {
            if (await Upload.ReadAsync(http, LargestFile + Around) is not { } upload) return Results.BadRequest();
            if (upload.Content is not { } content) return Form(org, StatusCodes.Status422UnprocessableEntity, words.ChooseFileMissing);
            return await CarriedList.ReadAsync(content, LargestFile, http.RequestAborted) is { } file
                ? await ShowAsync(org, http, store, upload.FileName, file, reason: "", error: null)
                : Form(org, StatusCodes.Status413PayloadTooLarge, words.AdoptTooLarge(LargestFile / 1_000_000));
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Form(org, StatusCodes.Status413PayloadTooLarge, words.AdoptTooLarge(LargestFile / 1_000_000));
        }
    }

    private static async Task<IResult> RegisterAsync(string org, HttpContext http, IServerStore store, Func<ExportEngine> engine, Visit visit, Words words)
    {
        if (await Upload.ReadAsync(http, LongestCarried + Around, LongestCarried) is not { } upload) return Results.BadRequest();
        if (await CarriedList.UnpackAsync(upload.Field("list"), LargestFile, http.RequestAborted) is not { } file) return Results.BadRequest();
        var (name, reason) = (upload.Field("name"), ReasonText.Clean(upload.Field("reason")));
        var error = ReasonText.Errors(words, "reason", reason) is [var wrong, ..] ? wrong.Message : null;
        if (error is not null) return await ShowAsync(org, http, store, name, file, reason, error);

        var list = await AdoptList.ReadAsync(name, new MemoryStream(file), http.RequestAborted);
        // A form that is sent twice: everything is registered already, and a run that registers nothing would only puzzle people.
        if (list.ProblemCount > 0 || (await AdoptCheck.OfAsync(store, org, list.Claims, http.RequestAborted)).New == 0) return await ShowAsync(org, http, store, name, file, reason, error: null);
        return await engine().AdoptAsync(org, list.Claims, reason, visit.Actor) switch
        {
            AdoptAnswer.Adopted done => Results.LocalRedirect(FormattableString.Invariant($"/o/{org}/start/adopt?run={done.RunId}&claims={done.Count}")),
            AdoptAnswer.Busy busy => await ShowAsync(org, http, store, name, file, reason, words.AdoptBusy(busy.Run), StatusCodes.Status409Conflict),
            _ => throw new InvalidOperationException("Unknown answer to an adoption."),
        };
    }

    private static async Task<IResult> ShowAsync(string org, HttpContext http, IServerStore store, string name, byte[] file, string reason, string? error, int? status = null)
    {
        var list = await AdoptList.ReadAsync(name, new MemoryStream(file), http.RequestAborted);
        if (list.ProblemCount > 0) return PageResult.Of<AdoptRefused>(StatusCodes.Status422UnprocessableEntity, ("Org", org), ("FileName", name), ("Problems", list.Problems), ("All", list.ProblemCount));
        var check = await AdoptCheck.OfAsync(store, org, list.Claims, http.RequestAborted);
        return PageResult.Of<AdoptCheckPage>(
            status ?? (error is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity),
            ("Org", org), ("FileName", name), ("Check", check), ("List", await CarriedList.PackAsync(file, http.RequestAborted)), ("Reason", reason), ("Error", error));
    }

    private static RazorComponentResult<Answered> Form(string org, int status, string error) => PageResult.Of<AdoptForm>(status, ("Org", org), ("Error", error));
}
