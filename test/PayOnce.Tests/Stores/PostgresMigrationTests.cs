using Npgsql;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

public sealed class PostgresMigrationTests(PostgresCluster cluster) : PostgresStoreTests(cluster)
{
    [Fact]
    public async Task Several_processes_that_meet_an_empty_database_make_the_schema_once()
    {
        var empty = await Cluster.CreateDatabaseAsync(migrated: false);
        var stores = Enumerable.Range(0, 6).Select(_ => Open(empty)).ToList();

        await Task.WhenAll(stores.Select(store => Task.Run(() => store.MigrateAsync(Cancel), Cancel)));

        Assert.True(await stores[0].AddOrganisationAsync(A.Organisation(A.Org), "kari", Cancel));
        Assert.Empty(await stores[1].CheckAsync(Cancel));
        await Cluster.DropDatabaseAsync(empty);
    }

    /// <summary>Roles belong to the cluster: several databases that make them at the same moment must not fail each other.</summary>
    [Fact]
    public async Task Several_databases_of_a_fresh_server_can_be_migrated_at_the_same_moment_by_ordinary_owners()
    {
        await using var fresh = new PostgresCluster { Migrated = false, Settings = new Dictionary<string, string> { ["fsync"] = "off" } };
        var stores = new List<PostgresStore>();
        for (var n = 0; n < 4; n++)
        {
            var database = new NpgsqlConnectionStringBuilder(await fresh.CreateDatabaseAsync(migrated: false));
            await fresh.ExecuteAsync("postgres", $"create role owner_{n} login createrole password 'secret'; alter database {database.Database} owner to owner_{n}");
            (database.Username, database.Password) = ($"owner_{n}", "secret");
            stores.Add(Open(database.ConnectionString));
        }

        // A role made by one of them is another's only from PostgreSQL 15 downwards; later versions want a superuser's grant.
        await stores[0].MigrateAsync(Cancel);
        for (var n = 1; n < 4; n++) await fresh.ExecuteAsync("postgres", $"grant payonce_app, payonce_lookup to owner_{n} with admin option");
        await Task.WhenAll(stores.Skip(1).Select(store => Task.Run(() => store.MigrateAsync(Cancel), Cancel)));

        foreach (var store in stores) await AssertWholeAsync(store);
    }

    [Fact]
    public async Task A_schema_that_is_as_it_should_be_is_left_alone_also_by_a_login_that_could_not_make_it()
    {
        var name = new NpgsqlConnectionStringBuilder(Database.ConnectionString).Database;
        await Database.ExecuteAsync($"create role user_{name} login noinherit password 'secret'; grant payonce_app to user_{name}");

        var store = Open(With(to => (to.Username, to.Password) = ($"user_{name}", "secret")));
        await store.MigrateAsync(Cancel);

        Assert.Equal(2, (await store.ListOrganisationsAsync(Cancel)).Count);
        await store.DisposeAsync();
        await Database.ExecuteAsync($"revoke payonce_app from user_{name}; drop role user_{name}");
    }

    [Fact]
    public async Task A_database_of_the_first_schema_keeps_its_rows()
    {
        var old = await Cluster.CreateDatabaseAsync(migrated: false);
        var name = new NpgsqlConnectionStringBuilder(old).Database!;
        await Cluster.ExecuteAsync(name, "create schema payonce; create table payonce.schema_version (number integer not null); insert into payonce.schema_version values (1)");
        await Cluster.ExecuteAsync(name, SchemaOne.Script("Postgres"));
        await Cluster.ExecuteAsync(name, "set search_path = payonce;" + SchemaOne.Rows(day => FormattableString.Invariant($"'{A.Day(day):O}'"), @"'\x00'"));

        await SchemaOne.AssertKeptAsync(Open(old));

        var refused = await Assert.ThrowsAsync<PostgresException>(() => Cluster.ExecuteAsync(name, "update payonce.marks set absent_since = now() where state = 'exported'"));
        Assert.Equal(PostgresErrorCodes.CheckViolation, refused.SqlState);
        await Cluster.DropDatabaseAsync(old);
    }

    [Fact]
    public async Task A_schema_that_lacks_several_things_is_told_each_of_them()
    {
        await Database.ExecuteAsync("alter table payonce.marks disable trigger never_removed; alter table payonce.secrets no force row level security; alter table payonce.marks drop constraint marks_organisation_id_export_key_key");
        Assert.Equal(3, (await Store.CheckAsync(Cancel)).Count);
    }

    /// <summary>Everything a run needs works for an owner who is no superuser, and the look-up over all organisations is not theirs.</summary>
    private static async Task AssertWholeAsync(PostgresStore store)
    {
        await store.AddOrganisationAsync(A.Organisation(A.Org), "kari", Cancel);
        await store.TakeInAsync(A.Org, A.Records(5), "claims.json", "kari", Cancel);
        await TestRun.ExportEverythingAsync(store);
        Assert.Equal(2, (await store.FindClaimAsync(A.Org, "A-0003", Cancel))!.Attempts.Count);
        Assert.Empty(await store.CheckAsync(Cancel));
    }
}
