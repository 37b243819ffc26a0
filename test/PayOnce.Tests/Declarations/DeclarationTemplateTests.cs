using PayOnce.Declarations;

namespace PayOnce.Tests.Declarations;

/// <summary>A declaration's text and its fields.</summary>
public sealed class DeclarationTemplateTests
{
    private static readonly DeclarationFacts Facts = new("Blindeforbundet", "Per Sjåfør", "D-1", new DateOnly(2026, 3, 5), 4);

    [Theory, InlineData("nb", "5\\. mars 2026"), InlineData("en", "5 March 2026")]
    public void Fields_are_filled_in_and_the_day_in_the_texts_own_language(string language, string date) =>
        Assert.Equal(
            $"Jeg, Per Sjåfør (D\\-1), {date}, Blindeforbundet, 4\n",
            DeclarationTemplate.Of(language, "Jeg, {{driver}} ({{ claimant-number }}), {{date}}, {{organisation}}, {{version}}\r\n").Fill(Facts));

    [Theory]
    [InlineData("a\n{{driver}} {{drivr}}", 2, "{{drivr}}"), InlineData("{{driver", 1, "{{driver"), InlineData("a\n\ndriver}}", 3, "driver}}"), InlineData("{{a\nb}}", 1, "{{a"), InlineData("{{Driver}}", 1, "{{Driver}}"), InlineData("{{}}", 1, "{{}}")]
    public void A_field_that_is_unknown_or_not_closed_is_named_with_its_line(string text, int line, string value)
    {
        var problem = DeclarationTemplate.Of("nb", text).Check()[0];
        Assert.Equal((line, value), ((int)problem.Line!.Value, problem.Value));
    }

    [Theory, InlineData(""), InlineData("  \n "), InlineData("a\0b"), InlineData("a\u202eb"), InlineData("a\u001bb")]
    public void Nothing_and_what_cannot_be_read_is_not_published(string text) => Assert.NotEmpty(DeclarationTemplate.Of("nb", text).Check());

    [Fact]
    public void Its_size_and_its_language_are_limited()
    {
        Assert.Empty(DeclarationTemplate.Of("nb", new string('x', DeclarationTemplate.MostCharacters)).Check());
        Assert.NotEmpty(DeclarationTemplate.Of("nb", new string('x', DeclarationTemplate.MostCharacters + 1)).Check());
        Assert.NotEmpty(DeclarationTemplate.Of("de", "x").Check());
        Assert.InRange(DeclarationTemplate.Of("nb", string.Join('\n', Enumerable.Repeat("{{x}}", 8_000))).Check().Count, 1, 60);
    }

    [Fact]
    public void What_a_driver_is_called_is_text_and_no_markup()
    {
        var text = DeclarationTemplate.Of("nb", "Jeg, {{driver}}").Fill(Facts with { Driver = "<b>[x](javascript:alert(1))</b> # {{date}}" });
        Assert.Equal(@"Jeg, \<b\>\[x\]\(javascript\:alert\(1\)\)\<\/b\> \# \{\{date\}\}", text);
    }

    [Fact]
    public void What_is_kept_is_what_was_written()
    {
        var template = DeclarationTemplate.Of("nb", "Æ {{driver}}\n");
        Assert.Equal(template, DeclarationTemplate.FromStored(template.ToJson()));
    }

    [Fact]
    public void An_organisations_flags_are_off_until_they_are_switched()
    {
        Assert.Empty(OrganisationFlags.FromStored(null).On);
        var on = OrganisationFlags.None.With([new("driver-honorarium", true), new("claim-forms", false)]);
        Assert.Equal(["driver-honorarium"], on.On);
        Assert.Equal(on.On, OrganisationFlags.FromStored(on.ToJson()).On);
        Assert.Equal([new KeyValuePair<string, bool>("driver-honorarium", false)], OrganisationFlags.Between(on, OrganisationFlags.None));
    }
}
