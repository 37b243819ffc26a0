using System.Globalization;
using System.Security.Cryptography;
using PayOnce.Fuzz;

// Feeds the readers what nobody should send them:  [--minutes M] [--seed S] [NAME ...]  |  --input FILE NAME
if (!Instrumented.IsThis) return Instrumented.Run(args);
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["--input", var file, var name] && Subject.All.FirstOrDefault(subject => subject.Name == name) is { } one)
{
    var crasher = Campaign.Try(one, File.ReadAllBytes(file));
    Console.WriteLine(crasher?.Why ?? "Nothing is wrong.");
    return crasher is null ? 0 : 1;
}
var (minutes, seed, names) = (10.0, 1, new List<string>());
for (var i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--minutes" when i + 1 < args.Length && double.TryParse(args[i + 1], CultureInfo.InvariantCulture, out minutes): i++; break;
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed): i++; break;
        case var known when Subject.All.Any(subject => subject.Name == known): names.Add(known); break;
        default:
            Console.Error.WriteLine($"Usage: [--minutes M] [--seed S] [NAME ...], or --input FILE NAME; the names are {string.Join(", ", Subject.All.Select(subject => subject.Name))}.");
            return 2;
    }
}
var chosen = Subject.All.Where(subject => names.Count == 0 || names.Contains(subject.Name)).ToList();
var time = TimeSpan.FromMinutes(minutes / chosen.Count);
var found = 0;
foreach (var subject in chosen)
{
    var result = Campaign.Search(subject, seed, long.MaxValue, time);
    found += result.Crashers.Count;
    Console.WriteLine($"{subject.Name,-20} {result.Inputs,11:N0} inputs in {result.Time.TotalSeconds:0} s ({result.Inputs / result.Time.TotalSeconds:N0} a second), {result.Kept} kept, {result.Branches} branches, slowest {result.Slowest.TotalMilliseconds:0} ms: {result.Crashers.Count} crashers");
    foreach (var crasher in result.Crashers)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(crasher.Input))[..12];
        Console.WriteLine($"  {hash} ({crasher.Input.Length} bytes): {crasher.Why}");
        var folder = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, "..", "crashers", subject.Name)).FullName;
        File.WriteAllBytes(Path.Combine(folder, hash), crasher.Input);
    }
}
return found == 0 ? 0 : 1;
