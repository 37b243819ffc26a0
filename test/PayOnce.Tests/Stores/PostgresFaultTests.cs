using System.Net;
using System.Net.Sockets;
using PayOnce.Runs;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>What lies outside the program is told in a sentence that names what to look at, and never the password.</summary>
public sealed class PostgresFaultTests(PostgresCluster cluster) : PostgresStoreTests(cluster)
{
    private const string Secret = "correct-horse-battery";

    [Fact]
    public async Task A_server_that_is_not_there()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await AssertToldAsync(With(to => to.Port = port), FormattableString.Invariant($"PostgreSQL at 127.0.0.1:{port} cannot be reached"));
    }

    [Fact]
    public async Task A_wrong_password() =>
        await AssertToldAsync(With(to => to.Password = Secret), "does not let the user \"postgres\" in");

    [Fact]
    public async Task A_database_that_is_not_there() =>
        await AssertToldAsync(With(to => to.Database = "nowhere"), "has no database \"nowhere\"");

    [Fact]
    public async Task A_database_without_the_schema()
    {
        var empty = await Cluster.CreateDatabaseAsync(migrated: false);
        await AssertToldAsync(empty, "has no PayOnce schema", migrate: false);
        await Cluster.DropDatabaseAsync(empty);
    }

    [Fact]
    public async Task A_server_that_takes_no_writes()
    {
        await Database.ExecuteAsync($"alter database {NameOf(Database.ConnectionString)} set default_transaction_read_only = on");
        await AssertToldAsync(Database.ConnectionString, "read-only standby", migrate: true);
        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => Open(With(to => to.ApplicationName = "late")).TakeLeaseAsync(A.LeaseRequest(), _ => false, Cancel));
        Assert.Contains("takes no writes", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_is_full()
    {
        await Database.ExecuteAsync(
            """
            create function no_room() returns trigger language plpgsql as $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
            create trigger no_room before insert on payonce.marks for each row execute function no_room();
            """);
        await Store.TakeInAsync(A.Org, A.Records(3), "claims.json", "kari", Cancel);
        var run = await TestRun.TakeAsync(Store);

        var fault = await Assert.ThrowsAsync<StoreUnavailableException>(() => run.ReserveAsync());

        Assert.Contains("has no room left on its disk", fault.Message, StringComparison.Ordinal);
        Assert.Equal(3, (await Store.GetStatusAsync(A.Org, Cancel)).Waiting);
        await Database.ExecuteAsync("drop trigger no_room on payonce.marks");
        Assert.IsType<ReserveAnswer.Reserved>(await run.ReserveAsync());
    }

    [Fact]
    public async Task A_login_that_may_not_become_the_programs_role()
    {
        var login = "stranger_" + NameOf(Database.ConnectionString);
        await Database.ExecuteAsync($"create role {login} login password '{Secret}'");
        await AssertToldAsync(With(to => (to.Username, to.Password) = (login, Secret)), $"grant payonce_app to \"{login}\"", migrate: false);
        await Database.ExecuteAsync($"grant payonce_app to {login}");
        Assert.Equal(2, (await Open(With(to => (to.Username, to.Password) = (login, Secret))).ListOrganisationsAsync(Cancel)).Count);
        await Database.ExecuteAsync($"revoke payonce_app from {login}");
    }

    [Theory, InlineData("Host=localhost;Password=" + Secret + ";Nonsense=1"), InlineData("Host=localhost;Port=" + Secret), InlineData("Database=x;Password=" + Secret), InlineData(Secret)]
    public void A_connection_string_that_cannot_be_read(string connectionString)
    {
        var fault = Assert.Throws<StoreUnavailableException>(() => new PostgresStore(connectionString, TimeProvider.System));
        Assert.Contains("connection string", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_too_old() =>
        Assert.Equal(
            "PostgreSQL at db.example.org:5432 is version 14.11; PayOnce needs PostgreSQL 15 or later.",
            PostgresFaults.TooOld("14.11", new Npgsql.NpgsqlConnectionStringBuilder("Host=db.example.org;Password=x")).Message);

    [Fact]
    public async Task A_schema_of_a_newer_program()
    {
        await Database.ExecuteAsync("update payonce.schema_version set number = 999");
        await AssertToldAsync(Database.ConnectionString, "schema number 999", migrate: true);
    }

    private async Task AssertToldAsync(string connectionString, string sentence, bool? migrate = null)
    {
        var password = new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Password!;
        var store = Open(connectionString);
        if (migrate != false) Check(await Assert.ThrowsAsync<StoreUnavailableException>(() => store.MigrateAsync(Cancel)));
        if (migrate == true) return;
        Check(await Assert.ThrowsAsync<StoreUnavailableException>(() => store.GetStatusAsync(A.Org, Cancel)));
        Check(await Assert.ThrowsAsync<StoreUnavailableException>(() => store.TakeLeaseAsync(A.LeaseRequest(), _ => false, Cancel)));

        void Check(StoreUnavailableException fault)
        {
            Assert.Contains(sentence, fault.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(password, fault.ToString(), StringComparison.Ordinal);
        }
    }

    private static string NameOf(string connectionString) => new Npgsql.NpgsqlConnectionStringBuilder(connectionString).Database!;
}
