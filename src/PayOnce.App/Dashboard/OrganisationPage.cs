using Microsoft.AspNetCore.Components;

namespace PayOnce.App.Dashboard;

/// <summary>A page of one organisation: under <c>/o/{org}</c>, which exists once such a page runs.</summary>
public abstract class OrganisationPage : LoadedPage
{
    /// <summary>The organisation's id, from the address.</summary>
    [Parameter] public string Org { get; set; } = "";

    /// <summary>Where the organisation's pages begin: <c>/o/hlf</c>.</summary>
    protected string Root => Addresses.Of(Org);
}
