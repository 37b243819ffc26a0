using System.Text.RegularExpressions;

namespace PayOnce.Tests.Tree;

/// <summary>Boundaries and habits of the source tree, held by reading it.</summary>
public sealed partial class TidyTests
{
    [Fact]
    public void No_source_file_is_longer_than_400_lines()
    {
        const int limit = 400;
        Assert.NotEmpty(SourceTree.Files("*.cs"));
        Assert.Empty(SourceTree.Files("*.cs").Where(file => file.Lines.Length > limit).Select(file => $"{file.Name}: {file.Lines.Length} lines"));
    }

    [Fact]
    public void Nothing_is_left_for_later_and_no_test_is_left_out()
    {
        // Put together here, so that this file does not name them.
        string[] words = ["TO" + "DO", "FIX" + "ME", "HA" + "CK", "XX" + "X", "NotImplemented" + "Exception", "Sk" + "ip ="];
        var pattern = new Regex(string.Join('|', words.Select(word => $@"\b{word.Replace(" ", @"\s*", StringComparison.Ordinal)}(?![A-Za-z])")));
        Assert.Empty(Matches(SourceTree.Files("*.cs", "*.sql", "*.csproj", "*.props", "*.md", "*.js", "*.css", "*.razor"), pattern));
    }

    [Fact]
    public void No_product_code_reads_the_wall_clock_or_sleeps() =>
        Assert.Empty(Matches(SourceTree.Files("*.cs", "*.razor").Where(file => file.Name.StartsWith("src/", StringComparison.Ordinal)), ClockOrSleep()));

    [Fact]
    public void The_guard_names_no_database_driver()
    {
        var guard = SourceTree.Files("*.cs").Where(file => file.Name.StartsWith("src/PayOnce/Guard/", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(guard);
        Assert.Empty(Matches(guard, DatabaseDriver()));
    }

    [Fact]
    public void Only_a_stores_own_folder_names_its_database_driver()
    {
        var engine = SourceTree.Files("*.cs").Where(file => file.Name.StartsWith("src/PayOnce/", StringComparison.Ordinal)).ToList();
        // An organisation's own database, which claims are read from, is PostgreSQL too.
        Assert.Empty(Matches(engine.Where(file => !file.Name.StartsWith("src/PayOnce/Stores/Postgres/", StringComparison.Ordinal) && !file.Name.StartsWith("src/PayOnce/Sources/Postgres/", StringComparison.Ordinal)), PostgresDriver()));
        Assert.Empty(Matches(engine.Where(file => !file.Name.StartsWith("src/PayOnce/Stores/Sqlite/", StringComparison.Ordinal)), SqliteDriver()));
    }

    [Fact]
    public void No_exporter_names_another_exporter()
    {
        // Folders beside them hold what all of them share.
        string[] exporters = [.. SourceTree.Folders("src/PayOnce/Exporters").Where(folder => In(folder).Any(file => file.Lines.Any(line => Implements().IsMatch(line))))];
        foreach (var exporter in exporters)
        {
            var others = exporters.Where(other => other != exporter).Select(Regex.Escape).ToList();
            if (others.Count == 0) continue;
            var pattern = new Regex($@"PayOnce\.Exporters\.(?:{string.Join('|', others)})\b|\b(?:{string.Join('|', others)})(?:Exporter|\.[A-Z])");
            Assert.Empty(Matches(In(exporter), pattern));
        }

        static IEnumerable<SourceFile> In(string folder) => SourceTree.Files("*.cs").Where(file => file.Name.StartsWith($"src/PayOnce/Exporters/{folder}/", StringComparison.Ordinal));
    }

    [Fact]
    public void Both_stores_have_migrations_of_the_same_numbers_without_gaps()
    {
        var sqlite = Migrations("Sqlite");
        Assert.Equal(sqlite, Migrations("Postgres"));
        Assert.Equal(Enumerable.Range(1, sqlite.Count), sqlite.Select(name => int.Parse(name[..3], System.Globalization.CultureInfo.InvariantCulture)));

        static List<string> Migrations(string store) =>
            [.. SourceTree.Files("*.sql").Select(file => file.Name).Where(name => name.StartsWith($"src/PayOnce/Stores/{store}/Migrations/", StringComparison.Ordinal)).Select(name => Path.GetFileName(name)).Order(StringComparer.Ordinal)];
    }

    [Fact]
    public void No_folder_is_named_after_a_kind_of_thing()
    {
        string[] kinds = ["Common", "Core", "Entities", "Extensions", "Helpers", "Interfaces", "Managers", "Misc", "Models", "Services", "Shared", "Utilities", "Utils"];
        Assert.Empty(SourceTree.Files("*.cs").SelectMany(file => file.Name.Split('/')).Intersect(kinds, StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Nothing_names_a_place_on_somebodys_machine() =>
        Assert.Empty(Matches(SourceTree.Files("*.cs", "*.sql", "*.csproj", "*.props", "*.slnx", "*.md", "*.json", "*.yml", "*.sh", "run"), MachinePath()));

    private static IEnumerable<string> Matches(IEnumerable<SourceFile> files, Regex pattern) =>
        from file in files
        from line in file.Lines.Select((text, index) => (text, number: index + 1))
        where pattern.IsMatch(line.text)
        select $"{file.Name}({line.number}): {line.text.Trim()}";

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Now|UtcNow|Today)\b|\bThread\.Sleep\b|\bEnvironment\.TickCount")]
    private static partial Regex ClockOrSleep();

    [GeneratedRegex(@"\b(?:Npgsql|Microsoft\.Data\.Sqlite|Sqlite[A-Z]\w*|SQLitePCL|Dapper|System\.Data)\b")]
    private static partial Regex DatabaseDriver();

    [GeneratedRegex(@"\bNpgsql\w*\b")]
    private static partial Regex PostgresDriver();

    [GeneratedRegex(@"\bMicrosoft\.Data\.Sqlite\b|\bSQLitePCL\b")]
    private static partial Regex SqliteDriver();

    [GeneratedRegex(@":\s*(?:\w+,\s*)*IExporter\b")]
    private static partial Regex Implements();

    [GeneratedRegex(@"(?<![\w.])/(?:work|root|home|Users)/\w|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
