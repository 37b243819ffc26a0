namespace PayOnce.App.Access.Providers;

/// <summary>What becomes of a step of signing in at an organisation's provider.</summary>
public abstract record ProviderAnswer
{
    private ProviderAnswer() { }

    /// <summary>The answer to the browser sends it to the provider; its cookies are set.</summary>
    public sealed record Sent : ProviderAnswer;

    /// <summary>The next page, on this server.</summary>
    public sealed record GoTo(string Address) : ProviderAnswer;

    /// <summary>There is no such organisation, or it has no provider.</summary>
    public sealed record NoProvider : ProviderAnswer;

    /// <summary>The provider vouched for somebody whom it signs in to nothing: not linked to any user.</summary>
    public sealed record Unknown(string Provider) : ProviderAnswer;

    /// <summary>Linked to a user who is shut out, or belongs to the organisation no more.</summary>
    public sealed record ShutOut(string Provider) : ProviderAnswer;

    /// <summary>The provider, or the person there, said no.</summary>
    public sealed record Refused(string Provider) : ProviderAnswer;

    /// <summary>Not the answer to anything that this browser began: forged, sent twice, or too late.</summary>
    public sealed record NotOurs : ProviderAnswer;

    /// <summary>The organisation changed its provider meanwhile.</summary>
    public sealed record Changed : ProviderAnswer;

    /// <summary>The provider cannot be reached or used at present.</summary>
    public sealed record Down(string Provider, ProviderFault Fault) : ProviderAnswer;

    /// <summary>What the provider answered does not hold.</summary>
    public sealed record Wrong(string Provider) : ProviderAnswer;
}
