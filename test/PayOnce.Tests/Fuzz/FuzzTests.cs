using PayOnce.Fuzz;

namespace PayOnce.Tests.Fuzz;

/// <summary>
/// Whatever is sent to a reader, it comes back with an answer and the rules of what it reads hold: a share of the search that
/// `dotnet run build.cs -- fuzz` makes, and everything that it has ever found.
/// </summary>
public sealed class FuzzTests
{
    private const int Inputs = 1_000;

    public static TheoryData<string> Subjects => [.. Subject.All.Select(subject => subject.Name)];

    public static TheoryData<string, string> Crashers
    {
        get
        {
            var crashers = new TheoryData<string, string>();
            foreach (var subject in Subject.All)
            {
                var folder = Path.Combine(AppContext.BaseDirectory, "Crashers", subject.Name);
                foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder).Order(StringComparer.Ordinal) : Enumerable.Empty<string>()) crashers.Add(subject.Name, Path.GetFileName(file));
            }
            return crashers;
        }
    }

    [Theory]
    [MemberData(nameof(Subjects))]
    public void Nothing_that_is_sent_to_a_reader_breaks_it(string name)
    {
        var subject = Subject.All.Single(each => each.Name == name);
        Assert.All(subject.Samples, sample => Assert.Null(Campaign.Try(subject, sample)));
        var result = Campaign.Search(subject, seed: 20_261_128, Inputs, TimeSpan.MaxValue);
        Assert.Empty(result.Crashers.Select(crasher => $"{Convert.ToBase64String(crasher.Input)}: {crasher.Why}"));
        Assert.True(result.Inputs >= Inputs);
    }

    [Theory]
    [MemberData(nameof(Crashers))]
    public void What_broke_a_reader_once_breaks_it_no_more(string name, string file) =>
        Assert.Null(Campaign.Try(Subject.All.Single(each => each.Name == name), File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Crashers", name, file))));
}
