using Npgsql;
using PayOnce.Access;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

/// <summary>What a transaction of one organisation sees of people, and what one sees that says which user or token it asks for.</summary>
public sealed class PostgresAccessIsolationTests(PostgresCluster cluster) : PostgresStoreTests(cluster)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var user in new[] { "kari", "eve", "both" }) await Store.AddUserAsync(A.NewUser(user), isOperator: false, Cancel);
        foreach (var (organisation, user) in new[] { (A.Org, "kari"), (A.Org, "both"), (A.OtherOrg, "eve"), (A.OtherOrg, "both") })
        {
            await Store.SetMembershipAsync(new Membership(organisation, user, Role.Administrator, null), "ola", Cancel);
            await Store.LinkIdentityAsync(organisation, A.Provider().Issuer, user, user, user, Cancel);
            await Store.SignInAsync(user, $"stamp of {user}", new NewSession(A.Sha256(organisation + user), TimeSpan.FromDays(1)), Cancel);
        }
        foreach (var organisation in new[] { A.Org, A.OtherOrg })
        {
            await Store.InviteAsync(organisation, A.Invitation(userId: organisation, secret: organisation), "ola", Cancel);
            await Store.AddTokenAsync(organisation, A.NewToken(organisation), "ola", Cancel);
            await Store.SaveSignInProviderAsync(organisation, A.Provider(organisation), null, "ola", Cancel);
        }
        await Store.OfferPasswordResetAsync(A.Sha256("reset"), "kari", TimeSpan.FromHours(1), "ola", Cancel);
        await Store.AddDataProtectionKeyAsync("key", "<key/>", Cancel);
        await Store.SaveInstallationSettingAsync("paused", "no", 0, "ola", Cancel);
    }

    [Theory]
    [InlineData("user_credentials", 0), InlineData("sessions", 0), InlineData("data_protection_keys", 0)]
    [InlineData("users", 2), InlineData("one_time_links", 1), InlineData("memberships", 2), InlineData("external_identities", 2), InlineData("api_tokens", 1), InlineData("sign_in_providers", 1)]
    [InlineData("installation_settings", 1)]
    public async Task A_transaction_of_an_organisation_sees_its_own_members_and_no_password_session_or_key(string table, int rows)
    {
        Assert.Equal(rows, await CountAsync(A.Org, $"payonce.{table}"));
        foreach (var other in new[] { "eve", A.OtherOrg }) Assert.Equal(0, await CountAsync(A.Org, $"payonce.{table} t where t::text like '%{other}%'"));
    }

    [Theory, InlineData(""), InlineData("nobody"), InlineData("*")]
    public async Task A_transaction_of_no_organisation_sees_nobody(string organisation)
    {
        foreach (var table in new[] { "users", "user_credentials", "sessions", "one_time_links", "data_protection_keys", "memberships", "external_identities", "api_tokens", "sign_in_providers" })
            Assert.Equal(0, await CountAsync(organisation, $"payonce.{table}"));
    }

    /// <summary>For the installation there are people and links, and of an organisation nothing but its name.</summary>
    [Fact]
    public async Task A_transaction_for_the_installation_sees_no_rows_of_organisations_but_those_it_asks_for()
    {
        foreach (var table in new[] { "memberships", "external_identities", "api_tokens", "sign_in_providers", "integrations", "audit_events", "secrets", "claims" }) Assert.Equal(0, await CountAsync("*installation", $"payonce.{table}"));
        Assert.Equal(2, await CountAsync("*installation", "payonce.organisations"));

        Assert.Equal(2, await CountAsync("*installation", "payonce.memberships where user_id = 'both'", "payonce.user", "both"));
        Assert.Equal(2, await CountAsync("*installation", "payonce.memberships", "payonce.user", "both"));
        Assert.Equal(2, await CountAsync("*installation", "payonce.external_identities", "payonce.user", "both"));
        Assert.Equal(1, await CountAsync("*installation", "payonce.api_tokens", "payonce.token", A.OtherOrg));
    }

    [Theory]
    [InlineData("hlf", "insert into payonce.memberships values ('blind', 'kari', 'administrator', null, now())")]
    [InlineData("*installation", "insert into payonce.memberships values ('blind', 'kari', 'administrator', null, now())")]
    [InlineData("hlf", "insert into payonce.users values ('x', 'x', 'x', 'x', 'nb', true, true, false, now(), null)")]
    [InlineData("hlf", "insert into payonce.sessions values ('x', 'kari', null, null, now(), now(), now(), null)")]
    [InlineData("hlf", "insert into payonce.installation_settings values ('x', 'x', 1, now(), 'x')")]
    [InlineData("hlf", "insert into payonce.one_time_links (link_sha256, purpose, user_id, created_by, created_at, expires_at) values ('x', 'password_reset', 'eve', 'x', now(), now())")]
    [InlineData("hlf", "delete from payonce.users"), InlineData("*installation", "delete from payonce.users"), InlineData("*installation", "update payonce.users set user_id = 'x'")]
    [InlineData("hlf", "update payonce.api_tokens set permissions = 'read decide'"), InlineData("hlf", "update payonce.api_tokens set expires_at = now()"), InlineData("hlf", "delete from payonce.api_tokens")]
    [InlineData("*installation", "update payonce.sessions set user_id = 'eve'"), InlineData("*installation", "update payonce.one_time_links set role = 'administrator'")]
    [InlineData("hlf", "update payonce.external_identities set user_id = 'eve'"), InlineData("*installation", "update payonce.data_protection_keys set xml = 'x'")]
    public async Task Nothing_else_can_be_written(string organisation, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var work = await PostgresTransaction.BeginAsync(source, organisation, Cancel);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => work.ExecuteAsync(Sql.Of(sql)))).SqlState);
    }

    /// <summary>Rows that a transaction does not see it does not change either.</summary>
    [Theory]
    [InlineData("hlf", "update payonce.users set operator = true"), InlineData("hlf", "update payonce.user_credentials set password_hash = 'eve'"), InlineData("hlf", "update payonce.installation_settings set value = 'x'")]
    [InlineData("hlf", "update payonce.memberships set role = 'auditor' where user_id = 'eve'"), InlineData("hlf", "delete from payonce.external_identities where user_id = 'eve'")]
    public async Task What_is_not_seen_is_not_changed(string organisation, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var work = await PostgresTransaction.BeginAsync(source, organisation, Cancel);
        Assert.Equal(0, (await work.ExecuteAsync(Sql.Of(sql)))[0]);
    }

    /// <summary>Counts in a transaction of the store's kind, on the superuser's connection.</summary>
    private async Task<long> CountAsync(string organisationId, string from, string setting = "payonce.user", string value = "")
    {
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var work = await PostgresTransaction.BeginAsync(source, organisationId, Cancel);
        await work.AnyAsync(Sql.Of("select set_config($1, $2, true)", setting, value));
        return (await work.ListAsync(reader => reader.GetInt64(0), Sql.Of($"select count(*) from {from}")))[0];
    }
}
