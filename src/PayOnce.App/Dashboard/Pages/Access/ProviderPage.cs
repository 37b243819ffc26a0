using Microsoft.AspNetCore.Components;
using PayOnce.App.Access.Providers;
using PayOnce.App.Dashboard.Parts;

namespace PayOnce.App.Dashboard.Pages.Access;

/// <summary>A page that goes to a provider, or comes from one: it sends the browser on, or says why not.</summary>
public abstract class ProviderPage : LoadedPage
{
    [Inject] private NavigationManager Navigation { get; set; } = null!;

    /// <summary>What went wrong; null while nothing did.</summary>
    protected ProviderAnswer? Trouble { get; private set; }

    /// <summary>Does what the answer says.</summary>
    protected void Follow(ProviderAnswer answer)
    {
        switch (answer)
        {
            case ProviderAnswer.Sent:
                break;
            case ProviderAnswer.GoTo { Address: var address }:
                Navigation.NavigateTo(address);
                break;
            default:
                Trouble = answer;
                Http.Response.StatusCode = ProviderTrouble.Status(answer);
                break;
        }
    }
}
