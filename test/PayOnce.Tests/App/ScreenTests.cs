using System.Text;
using PayOnce.App.Output;

namespace PayOnce.Tests.App;

public sealed class ScreenTests
{
    private static async Task<string> ShownAsync(int? width, Action<Screen> show)
    {
        using var output = new MemoryStream();
        await using (var screen = new Screen(output, width)) show(screen);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static Table Claims() => new Table("Claim", "Amount#", "Why").Add("A-1", "1.00", "short").Add("A-1000", "12,345.50", "a long reason that has to go on below itself");

    [Fact]
    public async Task A_table_has_aligned_columns_and_numbers_to_the_right() => Assert.Equal(
        """
        Claim      Amount  Why
        A-1          1.00  short
        A-1000  12,345.50  a long reason that has to go on below itself

        """, await ShownAsync(null, screen => screen.Table(Claims())));

    [Fact]
    public async Task On_a_terminal_the_last_cell_goes_on_below_itself() => Assert.Equal(
        """
        Claim      Amount  Why
        A-1          1.00  short
        A-1000  12,345.50  a long reason that has to
                           go on below itself

        """, await ShownAsync(45, screen => screen.Table(Claims())));

    [Fact]
    public async Task A_long_table_is_shown_in_pieces_under_one_header()
    {
        var text = await ShownAsync(null, screen =>
        {
            var table = new Table("N#");
            for (var i = 0; i < 1200; i++)
            {
                table.Add($"{i}");
                screen.TableInPieces(table);
            }
            screen.Table(table);
        });
        Assert.Equal(1201, text.Split('\n').Length - 1);
        Assert.Equal(2, text.Split('N').Length);
    }

    [Fact]
    public async Task What_the_data_holds_cannot_steer_the_terminal() =>
        Assert.DoesNotContain('\u001b', await ShownAsync(80, screen => screen.Line("A\u001b[2JB")));

    [Fact]
    public async Task There_is_no_byte_order_mark() => Assert.Equal("x\n", await ShownAsync(null, screen => screen.Line("x")));
}
