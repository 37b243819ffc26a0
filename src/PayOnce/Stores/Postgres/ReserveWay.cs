namespace PayOnce.Stores.Postgres;

/// <summary>How a page's marks are inserted. Both rest on the same unique keys and end in the same marks.</summary>
internal enum ReserveWay
{
    /// <summary>None of the page's claims has a mark, as with nearly every claim: one that has undoes the whole page, which is then reserved the other way.</summary>
    Fresh,

    /// <summary>Some may have: those held are duplicates, those released or rejected are taken again, the rest goes on.</summary>
    TakeAgain,
}
