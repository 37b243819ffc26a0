using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace PayOnce.App.Dashboard.Uploads;

/// <summary>
/// A form with a file, read as it comes in: the file is never kept, neither in memory nor on disk, since claims are about people.
/// The fields stand before the file; the form's token is among them and is checked before a byte of the file is read.
/// </summary>
internal sealed class Upload
{
    // Antiforgery looks here before it would read the whole form.
    private const string TokenHeader = "RequestVerificationToken";
    private const string TokenField = "__RequestVerificationToken";
    private const int LongestField = 8 * 1024;
    private const int MostFields = 20;
    private const int LongestName = 100;

    private readonly Dictionary<string, string> fields = new(StringComparer.Ordinal);

    private Upload()
    {
    }

    /// <summary>The file's name as the person knows it, cut and printable; empty if no file was chosen.</summary>
    public string FileName { get; private set; } = "";

    /// <summary>The file; null if none was chosen.</summary>
    public Stream? Content { get; private set; }

    public string Field(string name) => fields.GetValueOrDefault(name, "").Trim();

    /// <summary>Reads up to the file.</summary>
    /// <param name="largest">Bytes that the whole request may have.</param>
    /// <param name="longestField">Of the field that may be long: a list that is carried from one page to the next.</param>
    /// <returns>Null if it is no form of ours: no token, or no form at all.</returns>
    /// <exception cref="BadHttpRequestException">It is larger than <paramref name="largest"/>, or was cut off.</exception>
    public static async Task<Upload?> ReadAsync(HttpContext http, long largest, int longestField = LongestField)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = largest;
        if (http.Request.ContentLength > largest) throw new BadHttpRequestException("The file is too large.", StatusCodes.Status413PayloadTooLarge);
        if (!MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type) || type.MediaType != "multipart/form-data" || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= 100 } boundary) return null;

        var upload = new Upload();
        try
        {
            return await upload.ReadToFileAsync(http, new MultipartReader(boundary.Value!, http.Request.Body), longestField) && await upload.IsOursAsync(http) ? upload : null;
        }
        catch (Exception broken) when (broken is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            return null;
        }
    }

    private async Task<bool> ReadToFileAsync(HttpContext http, MultipartReader reader, int longestField)
    {
        while (await reader.ReadNextSectionAsync(http.RequestAborted) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition) || HeaderUtilities.RemoveQuotes(disposition.Name) is not { Length: > 0 } name) return false;
            if (disposition.FileName.HasValue || disposition.FileNameStar.HasValue)
            {
                FileName = Shown((disposition.FileNameStar.HasValue ? disposition.FileNameStar : HeaderUtilities.RemoveQuotes(disposition.FileName)).Value ?? "");
                Content = FileName.Length == 0 ? null : section.Body;
                return true;
            }
            if (fields.Count == MostFields || await TextAsync(section.Body, longestField, http.RequestAborted) is not { } text) return false;
            fields[name.Value!] = text;
        }
        return true;
    }

    private async Task<bool> IsOursAsync(HttpContext http)
    {
        http.Request.Headers[TokenHeader] = Field(TokenField);
        try
        {
            await http.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(http);
            return true;
        }
        catch (AntiforgeryValidationException)
        {
            return false;
        }
    }

    private static async Task<string?> TextAsync(Stream body, int longest, CancellationToken cancel)
    {
        var room = new MemoryStream();
        var piece = new byte[4096];
        int read;
        while ((read = await body.ReadAsync(piece, cancel)) > 0)
        {
            if (room.Length + read > longest) return null;
            room.Write(piece, 0, read);
        }
        return System.Text.Encoding.UTF8.GetString(room.GetBuffer(), 0, (int)room.Length);
    }

    // A browser may send a path, anybody else anything at all: the name is only ever shown and told, never opened.
    private static string Shown(string name)
    {
        var last = name[(name.LastIndexOfAny(['/', '\\']) + 1)..].Trim();
        return Problem.Printable(last.Length > LongestName ? last[..LongestName] : last);
    }
}
