namespace PayOnce.Model;

/// <summary>The rules that a state alone can break; those about steps are judged where the step is made.</summary>
public static class StateRules
{
    public static Rule? Broken(in World world, Scope scope)
    {
        for (var key = 0; key < scope.Claims * 2; key++)
        {
            ref readonly var fact = ref world.Keys[key];
            if (fact.Booked > 1)
            {
                if (!fact.Decided) return Rule.BookedOnce;
                if (!scope.Lacks(Without.CarefulPerson)) return Rule.BookedOnceWithCare;
            }
            if (fact.Decided) continue;
            var there = fact.Booked > 0 || (scope.IsFile && fact.Late > 0);
            // A database that has just been put back says what it knew; nothing is sent on it before it was asked for.
            var old = world.Now.Restoring || (scope.Restore == RestoreNotice.Witness && world.Now.Epoch < world.Witness);
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
