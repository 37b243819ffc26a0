using Npgsql;
using PayOnce.Stores;
using PayOnce.Stores.Postgres;
using PayOnce.Tests.Support;

namespace PayOnce.Tests.Stores;

public sealed class PostgresIsolationTests(PostgresCluster cluster) : PostgresStoreTests(cluster)
{
    private const string EveryTable = "select string_agg(relname, ',' order by relname) from pg_class where relnamespace = 'payonce'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_version'";

    /// <summary>Tables that belong to the installation: their rows carry no organisation, or may carry none.</summary>
    private static readonly string[] OfInstallation = ["data_protection_keys", "installation_settings", "one_time_links", "sessions", "user_credentials", "users"];

    [Fact]
    public async Task Every_table_but_the_schemas_number_has_row_level_security_that_binds_its_owner_too()
    {
        Assert.Equal(47, (await TablesAsync()).Length);
        Assert.Equal(0, await Database.AskAsync<long>("select count(*) from pg_class where relnamespace = 'payonce'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_version' and not (relrowsecurity and relforcerowsecurity)"));
        Assert.Equal(0, await Database.AskAsync<long>("select count(*) from pg_class c where relnamespace = 'payonce'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_version' and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = case when c.relname in ('data_protection_keys', 'installation_settings', 'one_time_links', 'sessions', 'user_credentials', 'users') then 'installation' else 'own_rows' end)"));
    }

    /// <summary>The connection is a superuser's, who is above row-level security until the transaction says otherwise.</summary>
    [Fact]
    public async Task A_transaction_of_one_organisation_sees_no_row_of_another_even_on_a_superusers_connection()
    {
        await ExportAsync(3);
        foreach (var table in (await TablesAsync()).Except(OfInstallation))
        {
            Assert.True(await Database.AskAsync<long>($"select count(*) from payonce.{table} where organisation_id = '{A.Org}'") > 0 || !HasRowsAfterARun(table), table);
            Assert.Equal(0, await AskAsAsync(A.OtherOrg, $"select count(*) from payonce.{table} where organisation_id <> '{A.OtherOrg}'"));
        }
    }

    [Theory, InlineData(""), InlineData("nobody"), InlineData("*")]
    public async Task A_transaction_of_no_organisation_sees_nothing_but_the_names_it_asks_for(string organisation)
    {
        await ExportAsync(3);
        foreach (var table in await TablesAsync())
            Assert.Equal(organisation == "*" && table == "organisations" ? 2 : 0, await AskAsAsync(organisation, $"select count(*) from payonce.{table}"));
    }

    /// <summary>A node that stands still in a transaction holds its organisation's rows until the server ends its session: sooner than the one that takes over gives up.</summary>
    [Fact]
    public async Task Whoever_waits_for_the_rows_of_a_client_that_stands_still_waits_longer_than_it_may_hold_them() =>
        Assert.InRange(await AskAsAsync(A.Org, "select extract(epoch from current_setting('lock_timeout')::interval - current_setting('idle_in_transaction_session_timeout')::interval)::bigint"), 15, 60);

    [Fact]
    public async Task The_program_that_never_says_its_organisation_sees_nothing()
    {
        await ExportAsync(3);
        Assert.Equal(0, await Database.AskAsync<long>("set role payonce_app; select count(*) from payonce.marks"));
    }

    [Theory]
    [InlineData("insert into payonce.pending values ('hlf', now(), 'A-1', 0)")]
    [InlineData("insert into payonce.marks (organisation_id, claim_id, generation, state, attempt, epoch, run_id, batch, export_key, changed_at) values ('hlf', 'A-9', 0, 'exported', 1, 1, 1, 1, 'K', now())")]
    [InlineData("insert into payonce.audit_events values ('hlf', 99, now(), 'eve', 'x', 'y', '{}', '', '')")]
    [InlineData("update payonce.claims set organisation_id = 'hlf'")]
    public async Task Nothing_can_be_written_into_another_organisation(string sql)
    {
        await Store.TakeInAsync(A.OtherOrg, A.Records(1, organisationId: A.OtherOrg), "claims.json", "kari", Cancel);
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, await RefusalAsAsync(A.OtherOrg, sql));
    }

    [Theory]
    [InlineData("update payonce.attempts set outcome = 'unknown'"), InlineData("delete from payonce.attempts"), InlineData("truncate payonce.attempts")]
    [InlineData("update payonce.audit_events set actor = 'x'"), InlineData("delete from payonce.audit_events"), InlineData("truncate payonce.audit_events")]
    [InlineData("delete from payonce.marks"), InlineData("truncate payonce.marks"), InlineData("delete from payonce.claims"), InlineData("delete from payonce.runs")]
    [InlineData("update payonce.declaration_acknowledgements set sha256 = 'x'"), InlineData("delete from payonce.declaration_acknowledgements"), InlineData("delete from payonce.declaration_withdrawals")]
    [InlineData("update payonce.organisation_settings set value = ''"), InlineData("delete from payonce.claim_acknowledgements"), InlineData("delete from payonce.claim_forms"), InlineData("update payonce.receipts set sha256 = 'x'")]
    [InlineData("update payonce.claim_forms set created_at = now()"), InlineData("update payonce.erased_runs set at = now()"), InlineData("delete from payonce.erasures"), InlineData("update payonce.receipt_chunks set data = ''")]
    [InlineData("update payonce.batches set sha256 = ''"), InlineData("delete from payonce.batches"), InlineData("delete from payonce.files"), InlineData("delete from payonce.audit_heads")]
    [InlineData("update payonce.schema_version set number = 0"), InlineData("alter table payonce.marks disable row level security"), InlineData("alter table payonce.attempts disable trigger append_only")]
    [InlineData("create table payonce.mine (x int)"), InlineData("set role payonce_lookup")]
    public async Task The_program_has_no_right_to_change_or_remove_what_was_told(string sql)
    {
        await ExportAsync(3);
        var role = sql.StartsWith("set role", StringComparison.Ordinal);
        // SET ROLE looks at who logged in: a login of the program's kind is needed, not a superuser.
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, role ? await RefusalOfLoginAsync(sql) : await RefusalAsAsync(A.Org, sql));
    }

    [Theory]
    [InlineData("update payonce.attempts set error = 'x'"), InlineData("delete from payonce.attempts"), InlineData("truncate payonce.attempts")]
    [InlineData("update payonce.audit_events set actor = 'x'"), InlineData("delete from payonce.audit_events where false"), InlineData("truncate payonce.audit_events")]
    [InlineData("delete from payonce.marks"), InlineData("truncate payonce.marks cascade")]
    [InlineData("update payonce.batches set content = ''"), InlineData("delete from payonce.declaration_withdrawals where false"), InlineData("update payonce.erased_runs set at = now() where false"), InlineData("truncate payonce.organisation_settings")]
    [InlineData("update payonce.claim_acknowledgements set number = 1"), InlineData("delete from payonce.claim_forms where false")]
    public async Task Neither_can_the_owner_nor_a_superuser(string sql)
    {
        await ExportAsync(3);
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync(sql));
        Assert.Equal(PostgresErrorCodes.RestrictViolation, refusal.SqlState);
        Assert.Contains("never changed or removed", refusal.MessageText, StringComparison.Ordinal);
    }

    /// <summary>The program may empty these columns, and the database sees to it that it is an erasure.</summary>
    [Theory]
    [InlineData("update payonce.attempts set error = 'x'"), InlineData("update payonce.attempts set error = 'erased'"), InlineData("update payonce.batches set content = ''")]
    [InlineData("update payonce.declaration_acknowledgements set name = 'x'"), InlineData("update payonce.declaration_acknowledgements set name = 'erased', text = '', user_id = ''")]
    [InlineData("update payonce.declaration_withdrawals set actor = 'erased', reason = null"), InlineData("update payonce.receipts set name = 'erased'"), InlineData("update payonce.claim_forms set claimant_id = 'x'")]
    [InlineData("insert into payonce.erased_runs values ('hlf', 1, now()); update payonce.batches set content = 'x'"), InlineData("insert into payonce.erased_runs values ('hlf', 1, now()); update payonce.attempts set rejections = '[]'")]
    [InlineData("update payonce.claims set erased_at = now(), total_minor = 1"), InlineData("update payonce.claims set erased_at = now(); update payonce.claims set claimant_name = 'Kari'")]
    public async Task What_erasure_alone_may_change_is_refused_to_everybody_and_everything_else(string sql)
    {
        var forms = (PostgresStore)Store;
        var scene = new FormScene(forms);
        await scene.OpenAsync();
        await scene.AcknowledgeAsync();
        await scene.AddAsync();
        await scene.ReceiptAsync(1);
        var form = FormScene.Done(await forms.ChangeFormAsync(A.Org, FormScene.FormId, 2, PayOnce.Claims.Forms.FormChange.Submit.Instance, FormScene.Per, Cancel));
        FormScene.Done(await scene.ApproveAsync(form));
        await ExportAsync(3);
        await forms.WithdrawAcknowledgementAsync(A.Org, 1, "D-1", null, "Per", Cancel);

        Assert.Equal(PostgresErrorCodes.RestrictViolation, await RefusalAsAsync(A.Org, sql));
        Assert.Equal(PostgresErrorCodes.RestrictViolation, (await Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync(sql))).SqlState);
    }

    [Fact]
    public async Task The_programs_role_owns_nothing_and_may_do_nothing_else()
    {
        Assert.Equal("payonce_app,payonce_lookup", await Database.AskAsync<string>("select string_agg(rolname, ',' order by rolname) from pg_roles where rolname like 'payonce%' and not (rolsuper or rolcanlogin or rolcreaterole or rolcreatedb or rolbypassrls)"));
        Assert.Equal(0, await Database.AskAsync<long>("select count(*) from pg_class where relowner in ('payonce_app'::regrole, 'payonce_lookup'::regrole)"));
        Assert.Equal("attempts_of_claim", await Database.AskAsync<string>("select string_agg(proname, ',') from pg_proc where proowner in ('payonce_app'::regrole, 'payonce_lookup'::regrole)"));
        Assert.False(await Database.AskAsync<bool>("select has_schema_privilege('payonce_app', 'payonce', 'CREATE') or has_schema_privilege('payonce_lookup', 'payonce', 'CREATE')"));
        Assert.Equal("batch,claim_ids,organisation_id,run_id,try", await Database.AskAsync<string>("select string_agg(column_name::text, ',' order by column_name) from information_schema.column_privileges where grantee = 'payonce_lookup'"));
    }

    /// <summary>The look-up's role sees every organisation's attempts, so the function must look at the organisation itself.</summary>
    [Fact]
    public async Task Which_attempts_held_a_claim_is_answered_for_the_own_organisation_alone()
    {
        await ExportAsync(3);
        await Store.TakeInAsync(A.OtherOrg, A.Records(3, organisationId: A.OtherOrg), "claims.json", "kari", Cancel);
        await TestRun.ExportEverythingAsync(Store, A.OtherOrg);
        await TestRun.ExportEverythingAsync(Store, A.OtherOrg);

        Assert.Equal(1, await AskAsAsync(A.Org, "select count(*) from payonce.attempts_of_claim('A-0001')"));
        Assert.Equal(0, await AskAsAsync("nobody", "select count(*) from payonce.attempts_of_claim('A-0001')"));
        Assert.Equal(0, await AskAsAsync("*", "select count(*) from payonce.attempts_of_claim('A-0001')"));
        Assert.Equal("42501", (await Assert.ThrowsAsync<PostgresException>(() => Database.ExecuteAsync("set role payonce_lookup; select details from payonce.audit_events"))).SqlState);
    }

    private async Task<string[]> TablesAsync() => (await Database.AskAsync<string>(EveryTable))!.Split(',');

    /// <summary>Asks in a transaction of the store's kind, on the superuser's connection.</summary>
    private async Task<long> AskAsAsync(string organisationId, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var work = await PostgresTransaction.BeginAsync(source, organisationId, Cancel);
        return (await work.ListAsync(reader => reader.GetInt64(0), Sql.Of(sql)))[0];
    }

    private async Task<string> RefusalAsAsync(string organisationId, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Database.ConnectionString);
        await using var work = await PostgresTransaction.BeginAsync(source, organisationId, Cancel);
        return (await Assert.ThrowsAsync<PostgresException>(() => work.ExecuteAsync([.. sql.Split("; ").Select(each => Sql.Of(each))]))).SqlState;
    }

    private async Task<string> RefusalOfLoginAsync(string sql)
    {
        var login = "login_" + new NpgsqlConnectionStringBuilder(Database.ConnectionString).Database;
        await Database.ExecuteAsync($"create role {login} login password 'secret'; grant payonce_app to {login}");
        try
        {
            await using var connection = new NpgsqlConnection(With(to => (to.Username, to.Password, to.Pooling) = (login, "secret", false)));
            await connection.OpenAsync(Cancel);
            await using var command = new NpgsqlCommand(sql, connection);
            return (await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancel))).SqlState;
        }
        finally
        {
            await Database.ExecuteAsync($"drop role {login}");
        }
    }

    /// <summary>What an export writes: only where there are rows does it say anything that others do not see them.</summary>
    private static bool HasRowsAfterARun(string table) =>
        table is "organisations" or "claims" or "marks" or "runs" or "run_leases" or "batches" or "attempts" or "files" or "audit_events" or "audit_heads";
}
