-- Everything belongs to one organisation and lives in schema payonce. The program never works as the role that owns this:
-- each of its transactions becomes payonce_app first and says which organisation it is for, so that a connection string of an
-- owner or superuser does not get round row-level security either.

-- ---- Roles ------------------------------------------------------------------------------------------------------------
-- Roles belong to the cluster, not to the database: another database's migration may be making them at this moment. Whoever may
-- not make or grant roles can have both made and granted beforehand.
do $$
declare
    needed text;
begin
    foreach needed in array array['payonce_app', 'payonce_lookup'] loop
        for try in 1 .. 50 loop
            begin
                if not exists (select 1 from pg_roles where rolname = needed) then
                    execute format('create role %I nologin', needed);
                end if;
                if not (select rolsuper from pg_roles where rolname = current_user) then
                    execute format('grant %I to %I', needed, current_user);
                end if;
                exit;
            exception
                when duplicate_object or unique_violation then null;
                when insufficient_privilege then
                    if not exists (select 1 from pg_roles where rolname = needed) or not pg_has_role(needed, 'MEMBER') then raise; end if;
                    exit;
                when internal_error then -- tuple concurrently updated, which has no code of its own
                    if try = 50 then raise; end if;
            end;
            perform pg_sleep(0.01);
        end loop;
    end loop;
end
$$;

grant usage on schema payonce to payonce_app, payonce_lookup;

-- ---- Tables -----------------------------------------------------------------------------------------------------------
create table payonce.organisations (
    organisation_id text collate "C" primary key,
    name text not null,
    time_zone text not null,
    created_at timestamptz not null
);

create table payonce.integrations (
    organisation_id text collate "C" not null,
    version integer not null,
    settings text not null,
    created_at timestamptz not null,
    created_by text not null,
    primary key (organisation_id, version)
);

-- Lines are never searched in SQL and must come back as the bytes the payload hash was computed over: text, not jsonb.
create table payonce.claims (
    organisation_id text collate "C" not null,
    claim_id text collate "C" not null,
    export_key text collate "C" not null,
    claimant_id text not null,
    claimant_name text not null,
    type text not null,
    currency text collate "C" not null,
    total_minor bigint not null,
    approved_at timestamptz not null,
    approved_by text not null,
    lines text not null,
    payload_hash bytea not null,
    taken_in_at timestamptz not null,
    primary key (organisation_id, claim_id),
    unique (organisation_id, export_key)
) with (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
create index claims_by_approval on payonce.claims (organisation_id, approved_at, claim_id);

-- THE GUARD is the primary key. Half-full pages and no index on what changes let an update stay on its page (HOT):
-- confirming a million marks then takes a sixth of the time.
create table payonce.marks (
    organisation_id text collate "C" not null,
    claim_id text collate "C" not null,
    generation integer not null check (generation >= 0),
    state text collate "C" not null check (state in ('reserved', 'exported', 'rejected', 'in_doubt', 'released')),
    attempt integer not null,
    epoch bigint not null,
    run_id bigint not null,
    batch integer not null,
    export_key text collate "C" not null,
    payload_hash bytea,
    evidence text collate "C" check (evidence in ('in_file', 'received', 'booked')),
    acknowledgement text,
    reason text,
    changed_at timestamptz not null,
    in_doubt_since timestamptz,
    primary key (organisation_id, claim_id, generation),
    unique (organisation_id, export_key)
) with (fillfactor = 50, autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.05);
create index marks_by_run on payonce.marks (organisation_id, run_id, batch);

-- A work list only; the unique keys of marks decide.
create table payonce.pending (
    organisation_id text collate "C" not null,
    approved_at timestamptz not null,
    claim_id text collate "C" not null,
    generation integer not null,
    primary key (organisation_id, approved_at, claim_id)
) with (autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_insert_scale_factor = 0.05);

create table payonce.runs (
    organisation_id text collate "C" not null,
    run_id bigint not null,
    trigger text collate "C" not null check (trigger in ('manual', 'schedule', 're-export', 'adopt')),
    state text collate "C" not null check (state in ('running', 'finished', 'failed', 'cancelled', 'rolled_back')),
    actor text not null,
    holder text not null,
    nonce text not null,
    epoch bigint not null,
    scope_from timestamptz,
    scope_before timestamptz,
    scope_limit integer,
    scope_claim_id text collate "C",
    exporter text not null,
    format text not null,
    integration_version integer not null,
    candidates bigint not null default 0,
    skipped_duplicates bigint not null default 0,
    reserved bigint not null default 0,
    exported bigint not null default 0,
    rejected bigint not null default 0,
    in_doubt bigint not null default 0,
    released bigint not null default 0,
    started_at timestamptz not null,
    ended_at timestamptz,
    failure text,
    first_voucher bigint not null,
    primary key (organisation_id, run_id)
) with (fillfactor = 70);
-- Only an adoption makes marks of claims that were not taken in; intake asks whether there ever was one.
create index runs_adopted on payonce.runs (organisation_id) where trigger = 'adopt';

-- No further unique key here: steps lock the row FOR KEY SHARE, which a renewal passes and a take-over (FOR UPDATE) does not.
create table payonce.run_leases (
    organisation_id text collate "C" primary key,
    epoch bigint not null,
    holder text,
    run_id bigint,
    last_run_id bigint not null,
    next_voucher bigint not null,
    taken_at timestamptz,
    expires_at timestamptz
) with (fillfactor = 50);

-- Compressed by the program: EXTERNAL keeps the server from trying again.
create table payonce.batches (
    organisation_id text collate "C" not null,
    run_id bigint not null,
    batch integer not null,
    sha256 text collate "C" not null,
    claims integer not null,
    lines bigint not null,
    content bytea not null,
    primary key (organisation_id, run_id, batch)
);
alter table payonce.batches alter column content set storage external;

create table payonce.attempts (
    organisation_id text collate "C" not null,
    run_id bigint not null,
    batch integer not null,
    try integer not null,
    step text collate "C" not null check (step in ('reserved', 'started', 'finished')),
    epoch bigint not null,
    claim_ids jsonb,
    rejections text,
    bytes_hash text collate "C",
    outcome text collate "C" check (outcome in ('accepted', 'refused', 'unknown')),
    http_status integer,
    error text,
    at timestamptz not null,
    primary key (organisation_id, run_id, batch, try, step)
);
create index attempts_by_claim on payonce.attempts using gin (claim_ids jsonb_path_ops) where claim_ids is not null;

create table payonce.files (
    organisation_id text collate "C" not null,
    run_id bigint not null,
    name text collate "C" not null,
    content_type text not null,
    sha256 text collate "C" not null,
    bytes bigint not null,
    claims bigint not null,
    lines bigint not null,
    control_totals text not null,
    prologue bytea not null,
    separator bytea not null,
    epilogue bytea not null,
    manifest bytea not null,
    folder text,
    state text collate "C" not null check (state in ('publishing', 'available', 'withdrawn')),
    fetched_at timestamptz,
    imported_as text,
    created_at timestamptz not null,
    primary key (organisation_id, run_id),
    unique (organisation_id, name)
);

create table payonce.audit_events (
    organisation_id text collate "C" not null,
    sequence bigint not null,
    at timestamptz not null,
    actor text not null,
    action text not null,
    subject text not null,
    details text not null,
    previous_hash text collate "C" not null,
    hash text collate "C" not null,
    primary key (organisation_id, sequence)
);

create table payonce.audit_heads (
    organisation_id text collate "C" primary key,
    sequence bigint not null,
    hash text collate "C" not null
) with (fillfactor = 50);

-- ---- Append-only ------------------------------------------------------------------------------------------------------
-- Privileges hold the program back, these hold the owner back. A superuser can still switch them off: the audit chain tells.
create function payonce.refuse_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception '% of payonce.% is refused: its rows are never changed or removed', tg_op, tg_table_name
        using errcode = 'restrict_violation';
end
$$;

create trigger append_only before update or delete or truncate on payonce.attempts for each statement execute function payonce.refuse_change();
create trigger append_only before update or delete or truncate on payonce.audit_events for each statement execute function payonce.refuse_change();
create trigger never_removed before delete or truncate on payonce.marks for each statement execute function payonce.refuse_change();

-- ---- Row-level security -----------------------------------------------------------------------------------------------
do $$
declare
    name text;
begin
    foreach name in array array['organisations', 'integrations', 'claims', 'marks', 'pending', 'runs', 'run_leases', 'batches',
                                'attempts', 'files', 'audit_events', 'audit_heads'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

-- Listing organisations is the one thing that crosses them: a transaction that says it is for '*', which is no valid id, may
-- read this table of names and nothing else.
create policy names on payonce.organisations for select to payonce_app
    using ((select current_setting('payonce.organisation', true)) = '*');

-- ---- Privileges -------------------------------------------------------------------------------------------------------
grant select, insert on payonce.organisations, payonce.integrations, payonce.batches, payonce.attempts, payonce.audit_events to payonce_app;
grant select, insert, update on payonce.claims, payonce.marks, payonce.runs, payonce.run_leases, payonce.files, payonce.audit_heads to payonce_app;
grant select, insert, update, delete on payonce.pending to payonce_app;
grant select on payonce.schema_version to payonce_app;

-- ---- Which attempts held this claim? ----------------------------------------------------------------------------------
-- jsonb's @> is not leakproof, so under row-level security it can never use an index. This function asks as a role that may
-- read attempts whole (and nothing else at all) and checks the organisation itself. Its planner settings leave bitmap scans,
-- so that the plan does not turn to reading every attempt of an organisation while its statistics are young.
grant select (organisation_id, run_id, batch, try, claim_ids) on payonce.attempts to payonce_lookup;
create policy look_up on payonce.attempts for select to payonce_lookup using (true);

create function payonce.attempts_of_claim(claim_id text) returns table (run_id bigint, batch integer, try integer)
language sql stable parallel safe security definer
set search_path = pg_catalog, pg_temp set enable_seqscan = off set enable_indexscan = off
as $$
    select a.run_id, a.batch, a.try
    from payonce.attempts a
    where a.claim_ids @> jsonb_build_array($1)
      and a.organisation_id = (select current_setting('payonce.organisation', true))
    order by a.run_id, a.batch, a.try
$$;

-- ---- Statistics -------------------------------------------------------------------------------------------------------
-- Without any statistics the planner takes an organisation's million marks for twenty. The program's role cannot ANALYZE, and
-- autovacuum comes once a minute at best. Looks at page counts, because those are known at once.
create function payonce.analyse() returns integer language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    grown record;
    done integer := 0;
begin
    for grown in
        select c.relname
        from pg_class c
        where c.relnamespace = 'payonce'::regnamespace
          and c.relname in ('claims', 'marks', 'pending', 'attempts', 'runs')
          and (c.reltuples < 0
               or (c.reltuples = 0 and pg_relation_size(c.oid) > 0)
               or coalesce(pg_stat_get_last_analyze_time(c.oid), pg_stat_get_last_autoanalyze_time(c.oid)) is null
               or pg_relation_size(c.oid) / current_setting('block_size')::bigint > c.relpages * 1.2 + 20)
        order by c.relname
    loop
        execute format('analyze (skip_locked) payonce.%I', grown.relname);
        done := done + 1;
    end loop;
    return done;
end
$$;

revoke all on function payonce.attempts_of_claim(text), payonce.analyse() from public;
grant execute on function payonce.attempts_of_claim(text), payonce.analyse() to payonce_app;

-- To own a function a role must be allowed to create in its schema, for as long as it takes to say so; and whoever hands it over
-- must be a member of it, which a superuser is without a grant. An ordinary owner does not stay one, since the look-up sees
-- every organisation.
grant create on schema payonce to payonce_lookup;
alter function payonce.attempts_of_claim(text) owner to payonce_lookup;
revoke create on schema payonce from payonce_lookup;
do $$
begin
    if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('revoke payonce_lookup from %I', current_user);
    end if;
exception
    when insufficient_privilege then null; -- Somebody else gave the membership, and it is theirs to take away.
end
$$;
