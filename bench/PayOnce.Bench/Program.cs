using PayOnce.Bench;


var (options, wrong) = BenchOptions.Parse(args);
if (options is null)
{
    Console.Error.WriteLine(wrong);
    Console.Error.WriteLine();
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}
if (options.Help)
{
    Console.WriteLine(BenchOptions.Usage);
    return 0;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

List<Figure> figures = [];
foreach (var name in options.Names)
{
    Console.Error.WriteLine($"{name}:");
    await foreach (var figure in BenchOptions.Benches[name](options, stop.Token))
    {
        figures.Add(figure);
        if (!options.Json) Console.WriteLine(figure.Describe());
    }
}
if (options.Json) Console.WriteLine(Figure.ToJson(figures));
else if (figures.Count > 1) Console.WriteLine(Figure.ToMarkdown(figures));
return 0;
