using PayOnce.Audit;

namespace PayOnce.History;

/// <summary>Which events of the audit trail to list. Null or empty means any.</summary>
/// <param name="From">At or after this.</param>
/// <param name="Before">Before this.</param>
/// <param name="Actor">Who did it, exactly.</param>
/// <param name="Actions">Words of <see cref="AuditActions"/>.</param>
/// <param name="Subject">What it was done to, exactly: <c>run 12</c>, <c>claim A-1</c>.</param>
public sealed record AuditFilter(DateTimeOffset? From = null, DateTimeOffset? Before = null, string? Actor = null, IReadOnlyList<string>? Actions = null, string? Subject = null)
{
    public static AuditFilter Any { get; } = new();

    internal bool IsAny => this is { From: null, Before: null, Actor: null, Actions: null or [], Subject: null };
}

/// <summary>Events, newest first.</summary>
/// <param name="Total">How many the filter leaves.</param>
public sealed record AuditPage(ListPage<AuditEvent> Page, RowCount Total);
