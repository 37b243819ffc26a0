using Microsoft.Playwright;
using Npgsql;
using PayOnce.App.Tests.Support;
using PayOnce.Tests.Support;

namespace PayOnce.App.Tests.Dashboard;

/// <summary>A person has claims read from a database of the organisation's own.</summary>
public sealed class SourceStoryTests(PostgresCluster cluster, Browser browser)
{
    [Fact(Timeout = Hang.Limit)]
    public async Task A_source_is_set_up_tested_and_read_by_the_keyboard_alone_and_without_script()
    {
        var theirs = await cluster.CreateDatabaseAsync(migrated: false);
        var parts = new NpgsqlConnectionStringBuilder(theirs);
        await using (var scene = await StoryScene.StartAsync(cluster, browser))
        {
            var page = await scene.SignInAsync(script: false);
            await page.PressAsync("Innstillinger");
            await page.PressAsync("Kilde for krav");
            await page.SaysAsync("Krav leses ikke fra noen database.");
            await page.PressAsync("Endre kilden");
            await page.WriteAsync("Tilkobling", "nonsense");
            await page.WriteAsync("Les hvert så mange minutter", "");
            await page.EnterAsync();
            await Assertions.Expect(page).ToHaveTitleAsync("Feil: Endre kilden – PayOnce");
            await page.WriteAsync("Tilkobling", FormattableString.Invariant($"postgres://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}"));
            await page.EnterAsync();
            await page.SaysAsync("Krav leses fra payonce_claims før hver kjøring, og når noen ber om det.");
            await page.PressAsync("Prøv kilden");
            await page.PressAsync("Prøv kilden");
            await page.SaysAsync("Kilden kan ikke brukes ennå. Én ting må rettes.");
            await cluster.ExecuteAsync(parts.Database!, SourcePagesTests.View);
            await page.PressAsync("Prøv kilden");
            await page.SaysAsync("Kilden kan brukes.");
            await page.PressAsync("Kilde for krav");
            await page.PressAsync("Les nå");
            await page.PressAsync("Les nå");
            await page.SaysAsync("3 rader lest: 2 krav nye");
            await page.SaysAsync("S-2");
            Assert.Equal(2, await scene.World.Store.CountWaitingAsync("hlf", TestContext.Current.CancellationToken));
        }
        await cluster.DropDatabaseAsync(theirs);
    }
}
