using Microsoft.AspNetCore.Components;

namespace PayOnce.App.Dashboard;

/// <summary>A page that has read what it shows before it is rendered for the first time.</summary>
/// <remarks>
/// What is read as a component is initialised may come after a first rendering that has nothing to show yet: with a database that
/// answers over a network it always does. So no page reads there.
/// </remarks>
public abstract class LoadedPage : ComponentBase
{
    [CascadingParameter] protected HttpContext Http { get; set; } = null!;

    /// <summary>Whoever asked is gone: nobody reads the answer any more.</summary>
    protected CancellationToken Gone => Http.RequestAborted;

    /// <summary>Reads what the page shows; its parameters and the fields of its forms are there.</summary>
    protected virtual Task LoadAsync() => Task.CompletedTask;

    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        await LoadAsync();
        await base.SetParametersAsync(ParameterView.Empty);
    }
}
