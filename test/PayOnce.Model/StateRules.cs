namespace PayOnce.Model;

/// <summary>The rules that a state alone can break; those about steps are judged where the step is made.</summary>
public static class StateRules
{
    /// <summary>What stands at the accounting system more often than it should.</summary>
    public static Rule? Payment(in World world, Scope scope)
    {
        for (var key = 0; key < scope.Claims * 2; key++)
        {
            ref readonly var fact = ref world.Keys[key];
            if (fact.Booked < 2) continue;
            if (!fact.Decided) return Rule.BookedOnce;
            if (!scope.Lacks(Without.CarefulPerson)) return Rule.BookedOnceWithCare;
        }
        return null;
    }

    /// <summary>What the marks say that is not so.</summary>
    public static Rule? Truth(in World world, Scope scope)
    {
        // A database that has just been put back says what it knew; nothing is sent on it before the accounting system was asked.
        var old = world.Now.Restoring || (scope.Restore == RestoreNotice.Witness && world.Now.Epoch < world.Witness);
        for (var key = 0; key < scope.Claims * 2; key++)
        {
            ref readonly var fact = ref world.Keys[key];
            if (fact.Decided) continue;
            var there = fact.Booked > 0 || (scope.IsFile && fact.Late > 0);
            switch (world.Now.Marks[key].State)
            {
                case MarkIs.Exported or MarkIs.Imported when !there:
                    return Rule.ExportedIsThere;
                case MarkIs.Rejected when !old && (there || fact.Late > 0):
                    return Rule.RejectedIsNotThere;
            }
        }
        return null;
    }
}
