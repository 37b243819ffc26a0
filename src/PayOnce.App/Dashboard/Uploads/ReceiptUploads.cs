using Microsoft.AspNetCore.Mvc;
using PayOnce.Access;
using PayOnce.App.Access;
using PayOnce.App.Dashboard.Pages.Forms;
using PayOnce.App.Forms;
using PayOnce.App.Server;
using PayOnce.Claims.Forms;
using PayOnce.Stores;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>Receipts in and out of a claimant's own pages.</summary>
internal static class ReceiptUploads
{
    // What the form has around the file.
    private const long Around = 64 * 1024;

    private const string Receipts = "/o/{org}/my-claims/{form}/receipts";

    public static void MapReceipts(this IEndpointRouteBuilder app)
    {
        // The token is checked by the upload itself, before the file is read.
        app.MapPost(Receipts, AddAsync).Needs(Permission.Own).DisableAntiforgery();
        app.MapPost(Receipts + "/{number:int}/remove", RemoveAsync).Needs(Permission.Own);
        app.MapGet(Receipts + "/{number:int}", ReceiptFiles.GiveAsync).Needs(Permission.Own);
    }

    private static async Task<IResult> AddAsync(string org, string form, HttpContext http, IServerStore store, FormDesk desk, Visit visit, Words words)
    {
        if (await store.FindFormAsync(org, form, http.RequestAborted) is not { } found || !FormDesk.PersonOf(visit).Owns(found)) return Results.NotFound();
        IResult Refused(int status, string why) => PageResult.Of<ReceiptRefused>(status, ("Org", org), ("Form", form), ("Revision", found.Revision), ("Error", why));
        try
        {
            if (await Upload.ReadAsync(http, NewReceipt.LargestBytes + Around) is not { } upload) return Results.BadRequest();
            if (!(await desk.FlagsAsync(org, http.RequestAborted)).Has(found.Kind.Flag())) return Refused(StatusCodes.Status422UnprocessableEntity, words.KindOff(found.Kind));
            if (upload.Content is not { } content) return Refused(StatusCodes.Status422UnprocessableEntity, words.ReceiptMissing);
            var (receipt, fault) = await ReceiptFiles.ReadAsync(content, upload.FileName, http.RequestAborted);
            if (receipt is null) return Refused(StatusCodes.Status422UnprocessableEntity, words.ReceiptFaultText(fault!.Value));
            var revision = int.TryParse(upload.Field("revision"), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var seen) ? seen : -1;
            return await store.AddReceiptAsync(org, form, revision, receipt, FormDesk.PersonOf(visit), http.RequestAborted) switch
            {
                FormAnswer.Done => Results.LocalRedirect($"{Addresses.Of(org)}/my-claims/{form}#receipts"),
                FormAnswer.TooManyReceipts => Refused(StatusCodes.Status422UnprocessableEntity, words.TooManyReceipts),
                _ => Refused(StatusCodes.Status422UnprocessableEntity, words.FormChangedMeanwhile),
            };
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return Refused(StatusCodes.Status413PayloadTooLarge, words.ReceiptFaultText(ReceiptFault.TooLarge));
        }
    }

    // Whoever had an older form before them sees the claim as it is, with the receipt still there or gone.
    private static async Task<IResult> RemoveAsync(string org, string form, int number, [FromForm] int? revision, IServerStore store, Visit visit, CancellationToken gone)
    {
        await store.RemoveReceiptAsync(org, form, revision ?? -1, number, FormDesk.PersonOf(visit), gone);
        return Results.LocalRedirect($"{Addresses.Of(org)}/my-claims/{Uri.EscapeDataString(form)}#receipts");
    }
}
