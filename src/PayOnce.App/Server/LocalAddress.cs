using Microsoft.AspNetCore.Http.HttpResults;

namespace PayOnce.App.Server;

/// <summary>An address that a link or a form brought along: followed only within this server, or anybody could send our people to a page of their own.</summary>
internal static class LocalAddress
{
    public static string Or(string? address, string otherwise) => address is not null && RedirectHttpResult.IsLocalUrl(address) ? address : otherwise;
}
