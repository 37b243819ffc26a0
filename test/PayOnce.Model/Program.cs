using PayOnce.Model;

var scope = new Scope(Enum.Parse<AccountingSystem>(args[0]), int.Parse(args[1]), int.Parse(args[2]), Enum.Parse<RestoreNotice>(args[3]), args[4] == "1")
{
    Without = args.Length > 5 ? Enum.Parse<Without>(args[5]) : Without.Nothing,
    Mutant = args.Length > 6 ? Enum.Parse<Mutant>(args[6]) : Mutant.None,
    PaymentsOnly = args.Length > 7,
};
var r = Search.Run(scope, 80_000_000);
Console.WriteLine($"{scope.System} states {r.States:N0} transitions {r.Transitions:N0} depth {r.Depth} {r.Time.TotalSeconds:F1}s closed={r.Closed} mem {GC.GetTotalMemory(false) >> 20} MB");
Console.WriteLine("never: " + string.Join(' ', r.Kinds.Where(k => k.Value == 0).Select(k => k.Key)));
if (r.Violation is { } v)
{
    Console.WriteLine(v.Rule);
    foreach (var s in v.Steps) Console.WriteLine($"  {s.Kind} n{s.Node} k{s.Key}");
}
