using Microsoft.Net.Http.Headers;
using PayOnce.Access;
using PayOnce.App.Server;
using PayOnce.Claims.Forms;
using PayOnce.Stores;

namespace PayOnce.App.Forms;

/// <summary>Receipts as they come in and go out. One is never shown within a page: it is given out as a file, under a policy that lets nothing in it run.</summary>
internal static class ReceiptFiles
{
    private const string Sandbox = "default-src 'none'; sandbox; frame-ancestors 'none'";

    /// <summary>Reads a file to its end, and no further than the largest receipt: what is larger costs no memory.</summary>
    public static async Task<(NewReceipt? Receipt, ReceiptFault? Fault)> ReadAsync(Stream content, string name, CancellationToken cancel)
    {
        using var room = new MemoryStream();
        var piece = new byte[81920];
        int read;
        while ((read = await content.ReadAsync(piece, cancel)) > 0)
        {
            if (room.Length + read > NewReceipt.LargestBytes) return (null, ReceiptFault.TooLarge);
            room.Write(piece, 0, read);
        }
        var bytes = room.GetBuffer().AsMemory(0, (int)room.Length);
        var (type, fault) = ReceiptCheck.Look(bytes.Span);
        return type is { } found ? (new NewReceipt(Named(name, found), found, bytes), null) : (null, fault);
    }

    /// <summary>To its owner and to whoever reads the organisation's claims; to anybody else it is not there.</summary>
    public static async Task<IResult> GiveAsync(string form, int number, HttpContext http, Visit visit, IServerStore store, CancellationToken cancel)
    {
        var org = visit.Organisation.OrganisationId;
        if (await store.FindFormAsync(org, form, cancel) is not { } found || !(FormDesk.PersonOf(visit).Owns(found) || (visit.May(Permission.Read) && found.State is not (FormState.Draft or FormState.Discarded)))) return Results.NotFound();
        if (found.Receipts.FirstOrDefault(each => each.Number == number) is not { } receipt || await store.ReadReceiptAsync(org, form, number, cancel) is not { } bytes) return Results.NotFound();
        http.Response.Headers.ContentSecurityPolicy = Sandbox;
        http.Response.Headers[HeaderNames.ContentDisposition] = new ContentDispositionHeaderValue("attachment") { FileName = FormattableString.Invariant($"{form}-{number}.{receipt.Type.Extension()}") }.ToString();
        return Results.Bytes(bytes, receipt.Type.ContentType());
    }

    // Shown on pages only; the file itself is given out under a name of ours.
    private static string Named(string name, ReceiptType type)
    {
        var shown = string.Concat(name.Where(each => !char.IsControl(each))).Trim();
        if (shown.Length > NewReceipt.LongestName) shown = shown[..NewReceipt.LongestName];
        return shown.Length == 0 ? $"receipt.{type.Extension()}" : shown;
    }
}
