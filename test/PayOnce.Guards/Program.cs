using PayOnce.Guards;

// Takes each guard out of a copy of the committed code, in turn, and runs the tests that must notice:  REPOSITORY [NAME ...]
if (args is not [var repository, .. var names] || names.Except(Catalogue.All.Select(guard => guard.Name)).Any())
{
    Console.Error.WriteLine($"Usage: REPOSITORY [NAME ...]; the names are {string.Join(", ", Catalogue.All.Select(guard => guard.Name))}.");
    return 2;
}
var chosen = Catalogue.All.Where(guard => names.Length == 0 || names.Contains(guard.Name)).ToList();
using var copy = Copy.Of(repository);
var whole = copy.Test([.. chosen.SelectMany(guard => guard.Tests).Distinct()]);
if (whole is not { Failed: [] })
{
    Console.Error.WriteLine($"With every guard in its place {whole?.Failed[0] ?? "the build"} fails: that says nothing about guards.");
    return 1;
}
Console.WriteLine($"With every guard in its place {whole.Passed} tests pass.");
var missed = 0;
foreach (var guard in chosen)
{
    foreach (var cut in guard.Cuts) copy.Apply(cut);
    var result = copy.Test(guard.Tests) ?? throw new InvalidOperationException($"{guard.Name}: what is left does not build.");
    copy.Restore();
    if (result.Failed.Count > 0) missed++;
    Console.WriteLine($"{guard.Name} ({guard.Words}): {(result.Failed.Count == 0 ? "NO TEST FAILS" : $"{result.Failed.Count} tests fail, such as {result.Failed[0]}")}");
}
Console.WriteLine($"{chosen.Count} guards taken out, {missed} missed by the tests.");
return missed == chosen.Count ? 0 : 1;
