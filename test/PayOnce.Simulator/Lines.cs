using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace PayOnce.Simulator;

/// <summary>
/// Which lines of the engine a campaign reaches. It is played by a copy of this program, in whose engine each line notes that it was reached:
/// <see cref="Instrument"/> puts one store into a table before each sequence point of the compiler's.
/// </summary>
internal static class Lines
{
    private const string Engine = "PayOnce.Engine.dll";
    private const string Folder = "lines";
    private const string Table = "PayOnceLines";

    /// <summary>Whether this is the copy.</summary>
    public static bool IsThis => Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory)) == Folder;

    /// <summary>Makes the copy anew and runs it with the same arguments.</summary>
    public static int Run(string[] args)
    {
        var copy = Path.Combine(AppContext.BaseDirectory, Folder);
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        Instrument(Path.Combine(AppContext.BaseDirectory, Engine), Path.Combine(copy, Engine));
        using var process = System.Diagnostics.Process.Start("dotnet", [Path.Combine(copy, $"{typeof(Lines).Assembly.GetName().Name}.dll"), .. args]);
        process.WaitForExit();
        return process.ExitCode;
    }

    /// <summary>For each file of the engine how many of its lines were reached, and which were not.</summary>
    /// <param name="under">Only files whose path below the engine's folder begins with one of these.</param>
    public static void Print(IReadOnlyList<string> under)
    {
        var seen = (byte[])typeof(ExportEngine).Assembly.GetType(Table)!.GetField("Seen")!.GetValue(null)!;
        var files = File.ReadLines(Path.Combine(AppContext.BaseDirectory, $"{Engine}.lines"))
            .Select((line, i) => (Parts: line.Split('|'), Reached: seen[i] == 1))
            .Select(point => (File: point.Parts[0], Line: int.Parse(point.Parts[1], System.Globalization.CultureInfo.InvariantCulture), point.Reached))
            .Where(point => under.Any(each => point.File.StartsWith(each, StringComparison.Ordinal)))
            .GroupBy(point => point.File, StringComparer.Ordinal)
            .OrderBy(file => file.Key, StringComparer.Ordinal);
        var (all, reached) = (0, 0);
        Console.WriteLine();
        Console.WriteLine("Lines reached:");
        foreach (var file in files)
        {
            var lines = file.GroupBy(point => point.Line).Select(line => (Line: line.Key, Reached: line.Any(point => point.Reached))).OrderBy(line => line.Line).ToList();
            var missed = lines.Where(line => !line.Reached).Select(line => line.Line).ToList();
            (all, reached) = (all + lines.Count, reached + lines.Count - missed.Count);
            Console.WriteLine($"  {file.Key,-60} {lines.Count - missed.Count,4} of {lines.Count,4}{(missed.Count > 0 ? $"   not: {string.Join(' ', missed)}" : "")}");
        }
        Console.WriteLine($"  {"all",-60} {reached,4} of {all,4} ({100.0 * reached / all:0.0} %)");
    }

    private static void Instrument(string from, string to)
    {
        using var module = ModuleDefinition.ReadModule(from, new ReaderParameters { ReadSymbols = true });
        var methods = module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody && method.DebugInformation.HasSequencePoints).ToList();
        var table = new TypeDefinition("", Table, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit, module.TypeSystem.Object);
        var seen = new FieldDefinition("Seen", FieldAttributes.Public | FieldAttributes.Static, new ArrayType(module.TypeSystem.Byte));
        table.Fields.Add(seen);
        module.Types.Add(table);
        var places = new List<string>();
        foreach (var method in methods)
        {
            method.Body.SimplifyMacros();
            foreach (var point in method.DebugInformation.SequencePoints.Where(point => !point.IsHidden).ToList())
            {
                var first = method.Body.Instructions.First(each => each.Offset == point.Offset);
                var il = method.Body.GetILProcessor();
                // Whoever jumps here notes the line first: the instruction itself becomes the note's beginning, and its copy follows.
                var self = Instruction.Create(OpCodes.Nop);
                (self.OpCode, self.Operand) = (first.OpCode, first.Operand);
                (first.OpCode, first.Operand) = (OpCodes.Ldsfld, seen);
                var at = first;
                foreach (var next in new[] { Instruction.Create(OpCodes.Ldc_I4, places.Count), Instruction.Create(OpCodes.Ldc_I4_1), Instruction.Create(OpCodes.Stelem_I1), self })
                {
                    il.InsertAfter(at, next);
                    at = next;
                }
                places.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Below(point.Document.Url)}|{point.StartLine}"));
            }
            method.Body.OptimizeMacros();
        }
        var begin = new MethodDefinition(".cctor", MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName, module.TypeSystem.Void);
        var body = begin.Body.GetILProcessor();
        body.Emit(OpCodes.Ldc_I4, places.Count);
        body.Emit(OpCodes.Newarr, module.TypeSystem.Byte);
        body.Emit(OpCodes.Stsfld, seen);
        body.Emit(OpCodes.Ret);
        table.Methods.Add(begin);
        module.Write(to);
        File.WriteAllLines($"{to}.lines", places);
    }

    private static string Below(string path)
    {
        path = path.Replace('\\', '/');
        var at = path.LastIndexOf("/PayOnce/", StringComparison.Ordinal);
        return at < 0 ? path : path[(at + "/PayOnce/".Length)..];
    }
}
