using Microsoft.AspNetCore.Components;
using PayOnce.App.Server;

namespace PayOnce.App.Dashboard;

/// <summary>A page of one organisation: under <c>/o/{org}</c>, which exists once such a page runs.</summary>
public abstract class OrganisationPage : ComponentBase
{
    /// <summary>The organisation's id, from the address.</summary>
    [Parameter] public string Org { get; set; } = "";

    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    /// <summary>Where the organisation's pages begin: <c>/o/hlf</c>.</summary>
    protected string Root => Addresses.Of(Org);

    /// <summary>Whoever asked is gone: nobody reads the answer any more.</summary>
    protected CancellationToken Gone => Http.RequestAborted;

    /// <summary>
    /// Reads what the page shows, before it is rendered for the first time. (What is read as the component is initialised may come
    /// after a first rendering that has nothing to show yet.)
    /// </summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await LoadAsync();
        await base.SetParametersAsync(ParameterView.Empty);
    }
}
