using PayOnce.App;

namespace PayOnce.Tests.App;

public sealed class StorageTests
{
    private static Storage? Choose(string? data, string? postgres, string? variable) =>
        Storage.Choose(data, postgres, TestSurroundings.Create(variables: name => name == Storage.Variable ? variable : null, folder: "/srv/kari"));

    [Fact]
    public void Without_a_word_the_data_is_in_a_folder_below_the_callers() =>
        Assert.Equal(new Storage.Embedded("/srv/kari/payonce-data"), Choose(null, null, null));

    [Fact]
    public void A_relative_folder_is_below_the_callers() => Assert.Equal(new Storage.Embedded("/srv/kari/x"), Choose("./x", null, null));

    [Fact]
    public void The_environment_variable_wins_over_the_default() => Assert.Equal(new Storage.Postgres("Host=a"), Choose(null, null, "Host=a"));

    [Fact]
    public void A_folder_that_was_named_wins_over_the_environment_variable() => Assert.Equal(new Storage.Embedded("/data"), Choose("/data", null, "Host=a"));

    [Fact]
    public void A_connection_that_was_named_wins_over_the_environment_variable() => Assert.Equal(new Storage.Postgres("Host=b"), Choose(null, "Host=b", "Host=a"));

    [Fact]
    public void Both_named_is_no_answer() => Assert.Null(Choose("/data", "Host=b", null));

    [Fact]
    public void An_empty_variable_is_none() => Assert.Equal(new Storage.Embedded("/srv/kari/payonce-data"), Choose(null, null, ""));

    [Fact]
    public void A_connection_is_never_shown() =>
        Assert.DoesNotContain("secret", new Storage.Postgres("Host=a;Password=secret").ToString(), StringComparison.Ordinal);
}
