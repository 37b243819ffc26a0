namespace PayOnce.Claims.Forms;

/// <summary>Where a form is.</summary>
public enum FormState
{
    /// <summary>The claimant works at it.</summary>
    Draft,

    /// <summary>It waits for somebody to approve it.</summary>
    Submitted,

    /// <summary>It went back with a reason, and can be changed and submitted again.</summary>
    SentBack,

    /// <summary>It became the claim of the same id. Terminal.</summary>
    Approved,

    /// <summary>The claimant threw it away. Terminal.</summary>
    Discarded,
}

/// <summary>A claim while its claimant fills it in and somebody decides about it.</summary>
/// <param name="FormId">Also the id of the claim that comes of it.</param>
/// <param name="ClaimantId">Whose claim it is, also if they leave.</param>
/// <param name="UserId">Who filled it in.</param>
/// <param name="Revision">Rises with every change: who decides, decides about the revision they saw.</param>
/// <param name="DecidedBy">The user who approved it or sent it back last.</param>
/// <param name="Reason">Why it went back.</param>
/// <param name="AcknowledgementNumber">An approved honorarium's: what it rests on.</param>
/// <param name="RatesVersion">An approved form's: by which version of the rates it was computed.</param>
public sealed record ClaimForm(
    string FormId,
    FormKind Kind,
    string ClaimantId,
    string ClaimantName,
    string UserId,
    FormState State,
    int Revision,
    FormContent Content,
    DateTimeOffset CreatedAt,
    DateTimeOffset ChangedAt,
    DateTimeOffset? SubmittedAt,
    string? DecidedBy,
    string? DecidedByName,
    DateTimeOffset? DecidedAt,
    string? Reason,
    long? AcknowledgementNumber,
    int? RatesVersion,
    IReadOnlyList<ReceiptInfo> Receipts)
{
    /// <summary>Whether its claimant can change it.</summary>
    public bool IsOpen => State is FormState.Draft or FormState.SentBack;
}

/// <summary>Who does something to a form.</summary>
/// <param name="ClaimantId">Whose claims are their own; null for somebody who has none.</param>
/// <param name="Name">As the audit trail and the claim name them.</param>
public sealed record FormPerson(string UserId, string? ClaimantId, string Name)
{
    public bool Owns(ClaimForm form) => ClaimantId is not null && ClaimantId == form.ClaimantId;

    /// <summary>Four eyes: nobody decides about a claim of their own or one that they filled in.</summary>
    public bool MayDecide(ClaimForm form) => !Owns(form) && form.UserId != UserId;
}

/// <summary>Something that is done to a form, apart from approving it.</summary>
public abstract record FormChange
{
    private FormChange() { }

    public sealed record Edit(FormContent Content) : FormChange;

    public sealed record Submit : FormChange { public static Submit Instance { get; } = new(); }

    /// <summary>The claimant takes it back before anybody decided.</summary>
    public sealed record TakeBack : FormChange { public static TakeBack Instance { get; } = new(); }

    public sealed record SendBack(string Reason) : FormChange;

    public sealed record Discard : FormChange { public static Discard Instance { get; } = new(); }

    /// <summary>The word for it in the audit trail.</summary>
    public string Text => this switch
    {
        Edit => "edited",
        Submit => "submitted",
        TakeBack => "taken_back",
        SendBack => "sent_back",
        Discard => "discarded",
        _ => throw new InvalidOperationException("A change of a form that has no word."),
    };

    /// <summary>The form after it; null where this cannot be done to it.</summary>
    public ClaimForm? Apply(ClaimForm form, FormPerson who, DateTimeOffset now)
    {
        var next = (this, form) switch
        {
            (Edit edit, { IsOpen: true }) when who.Owns(form) => form with { Content = edit.Content, ClaimantName = who.Name, UserId = who.UserId },
            (Submit, { IsOpen: true }) when who.Owns(form) => form with { State = FormState.Submitted, SubmittedAt = now, ClaimantName = who.Name, UserId = who.UserId },
            (TakeBack, { State: FormState.Submitted }) when who.Owns(form) => form with { State = FormState.Draft, SubmittedAt = null },
            (Discard, { IsOpen: true }) when who.Owns(form) => form with { State = FormState.Discarded },
            (SendBack back, { State: FormState.Submitted }) when who.MayDecide(form) => form with
            {
                State = FormState.SentBack, Reason = back.Reason, DecidedBy = who.UserId, DecidedByName = who.Name, DecidedAt = now, SubmittedAt = null,
            },
            _ => null,
        };
        return next is null ? null : next with { Revision = form.Revision + 1, ChangedAt = now };
    }
}

/// <summary>A form to be begun.</summary>
/// <param name="FormId">Made by the host from randomness, so that sending it twice begins one.</param>
public sealed record NewForm(string FormId, FormKind Kind, FormContent Content);

/// <summary>An approval: the claim as it will be, computed by whoever approves from the revision and the rates they saw.</summary>
public sealed record FormApproval(string FormId, int Revision, int RatesVersion, ClaimRecord Claim);

/// <summary>What became of something done to a form.</summary>
public abstract record FormAnswer
{
    private FormAnswer() { }

    public sealed record Done(ClaimForm Now) : FormAnswer;

    /// <summary>There is none of this id, or it is another claimant's and they do not decide about claims.</summary>
    public sealed record NotFound : FormAnswer { public static NotFound Instance { get; } = new(); }

    /// <summary>It is not as it was seen, or not in a state for this. Nothing was changed.</summary>
    public sealed record Changed(ClaimForm Now) : FormAnswer;

    /// <summary>Nobody decides about their own claim.</summary>
    public sealed record OwnClaim : FormAnswer { public static OwnClaim Instance { get; } = new(); }

    /// <summary>The honorarium's driver has acknowledged nothing that counts.</summary>
    public sealed record NotAcknowledged(Declarations.AcknowledgementGap Gap) : FormAnswer;

    /// <summary>The rates were changed since the sum was seen.</summary>
    public sealed record RatesChanged(int Version) : FormAnswer;

    /// <summary>A claim of this id is stored already, which came from elsewhere.</summary>
    public sealed record ClaimExists : FormAnswer { public static ClaimExists Instance { get; } = new(); }

    /// <summary>It has as many receipts as a form can have.</summary>
    public sealed record TooManyReceipts : FormAnswer { public static TooManyReceipts Instance { get; } = new(); }
}

/// <summary>Which forms to list. Null means any.</summary>
/// <param name="Before">Where an earlier part of the list ended.</param>
public sealed record FormFilter(string? ClaimantId = null, FormState? State = null, FormPlace? Before = null);

/// <summary>A form's place in a list, in which the last changed stands first.</summary>
public sealed record FormPlace(DateTimeOffset ChangedAt, string FormId);

/// <summary>The states as they stand in the store and in JSON.</summary>
public static class FormStates
{
    public static string Text(this FormState state) => state switch
    {
        FormState.Draft => "draft",
        FormState.Submitted => "submitted",
        FormState.SentBack => "sent_back",
        FormState.Approved => "approved",
        FormState.Discarded => "discarded",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public static FormState? Find(string text) => text switch
    {
        "draft" => FormState.Draft,
        "submitted" => FormState.Submitted,
        "sent_back" => FormState.SentBack,
        "approved" => FormState.Approved,
        "discarded" => FormState.Discarded,
        _ => null,
    };

    public static FormState Parse(string text) => Find(text) ?? throw new FormatException($"\"{text}\" is no state of a form.");
}
