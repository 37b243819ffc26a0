namespace PayOnce.App.Access.Providers;

/// <summary>What somebody goes to the provider for. It travels in the protocol's state, closed with this installation's keys.</summary>
internal abstract record ProviderPurpose
{
    private ProviderPurpose() { }

    /// <summary>To sign in, and to be sent to this page of ours.</summary>
    public sealed record SignIn(string Back) : ProviderPurpose;

    /// <summary>To link the account there with the user who is signed in here.</summary>
    public sealed record Link(string SessionSha256) : ProviderPurpose;

    /// <summary>To accept an invitation with the account there.</summary>
    public sealed record Invitation(string Secret) : ProviderPurpose;

    private const string Kind = "payonce.purpose";
    private const string Value = "payonce.purpose.of";

    public void Write(IDictionary<string, string?> items) => (items[Kind], items[Value]) = this switch
    {
        SignIn signIn => ("sign-in", signIn.Back),
        Link link => ("link", link.SessionSha256),
        Invitation invitation => ("invitation", invitation.Secret),
        _ => throw new InvalidOperationException("Unknown purpose."),
    };

    public static ProviderPurpose Read(IDictionary<string, string?> items) => (items[Kind], items[Value]) switch
    {
        ("sign-in", { } back) => new SignIn(back),
        ("link", { } session) => new Link(session),
        ("invitation", { } secret) => new Invitation(secret),
        _ => throw new InvalidOperationException("A state that this program wrote names no purpose."),
    };
}
