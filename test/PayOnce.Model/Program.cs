using System.Globalization;
using PayOnce.Model;

// The full search, or `small`: what the tests run. Prints one line a search, then weak points and planted faults with their stories.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["spin", var file])
{
    Console.WriteLine("The same protocol in Promela, checked with spin:");
    List<bool> spun = [.. SpinCheck.All.Select(check => check.IsAsExpected(file))];
    return spun.TrueForAll(expected => expected) ? 0 : 1;
}
if (args is not ([] or ["small"]))
{
    Console.Error.WriteLine("usage: PayOnce.Model [small | spin FILE]");
    return 2;
}
var scopes = args is ["small"] ? Catalogue.Small : Catalogue.Full;
var fine = true;

Console.WriteLine("With everything in place: no rule is broken, and every claim ends.");
Console.WriteLine($"  {"system",-17} {"claims",6} {"generations",11} {"restore",9} {"lost commits",12} {"states",12} {"transitions",13} {"depth",5} {"seconds",7}");
var (all, transitions, taken) = (0L, 0L, new HashSet<Kind>());
foreach (var scope in scopes)
{
    var result = Search.Run(scope);
    Console.WriteLine($"  {scope.System,-17} {scope.Claims,6} {scope.Generations,11} {scope.Restore,9} {(scope.LostCommitAnswers ? "yes" : "no"),12} {result.States,12:N0} {result.Transitions,13:N0} {result.Depth,5} {result.Time.TotalSeconds,7:F1}");
    (all, transitions) = (all + result.States, transitions + result.Transitions);
    taken.UnionWith(result.Kinds.Where(kind => kind.Value > 0).Select(kind => kind.Key));
    Check(result.Closed, "A rule is broken:", result);
    var missing = Reach.Missing(result).ToList();
    Check(missing.Count == 0, $"Never taken: {string.Join(", ", missing)}.", null);
}
Console.WriteLine($"  together {all:N0} states, {transitions:N0} transitions, {taken.Count} kinds of transition taken");

Console.WriteLine();
Console.WriteLine("Without an assumption: where a claim is then booked twice, and in how many steps.");
foreach (var point in Catalogue.WeakPoints)
{
    SearchResult? shortest = null;
    var found = new List<string>();
    foreach (var system in Catalogue.Systems)
    {
        var result = Search.Run(Catalogue.Of(point, system), ends: false);
        Check(result.Violation is not null == point.PaidTwice.Contains(system), $"{point.Without} at {system} is not as expected.", result);
        if (result.Violation is not { } violation) continue;
        found.Add($"{system} {violation.Steps.Count}");
        if (shortest is null || violation.Steps.Count < shortest.Violation!.Steps.Count) shortest = result;
    }
    Console.WriteLine($"  {point.Words}: {(found.Count == 0 ? "nowhere" : string.Join(", ", found))}");
    Tell(shortest);
}

Console.WriteLine();
Console.WriteLine("Without a guard: the first rule that is broken, and the shortest way to a second booking.");
foreach (var fault in Catalogue.PlantedFaults)
{
    var (first, payment) = (Search.Run(Catalogue.Of(fault, paymentsOnly: false), ends: false), Search.Run(Catalogue.Of(fault, paymentsOnly: true), ends: false));
    Check(first.Violation?.Rule == fault.Broken && payment.Violation is not null == fault.PaidTwice, $"{fault.Mutant} is not found as expected.", first);
    Console.WriteLine($"  {fault.Words} ({fault.System}): {Told(first)}; {(payment.Violation is { } twice ? $"booked twice in {twice.Steps.Count} steps" : "nothing is booked twice")}");
    Tell(payment);
}
Console.WriteLine();
Console.WriteLine(fine ? "As expected." : "NOT as expected: see above.");
return fine ? 0 : 1;

static string Told(SearchResult result) => result.Violation is { } violation ? $"{violation.Rule} in {violation.Steps.Count} steps" : "no rule is broken, other guards cover it";

static void Tell(SearchResult? result)
{
    if (result?.Violation is not { } violation) return;
    foreach (var line in Story.Tell(violation, result.Scope)) Console.WriteLine($"    {line}");
}

void Check(bool holds, string otherwise, SearchResult? result)
{
    if (holds) return;
    fine = false;
    Console.WriteLine($"  {otherwise}");
    Tell(result);
}
