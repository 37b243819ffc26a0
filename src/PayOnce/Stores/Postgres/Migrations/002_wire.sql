-- Exports over an API: what a read-back found, runs that only ask, secrets, and restore mode.

-- ---- Claims in doubt --------------------------------------------------------------------------------------------------
-- Both times belong to the attempt that left the claim in doubt, and go when it is settled or taken again.
alter table payonce.marks
    add column absent_since timestamptz,
    add constraint marks_in_doubt_since check ((state = 'in_doubt') = (in_doubt_since is not null)),
    add constraint marks_absent_since check (absent_since is null or in_doubt_since is not null);

-- In doubt is rare and asked for often. The condition names a column that reserving and confirming leave alone: with "state" in
-- it, no update of a mark could stay on its page any more (HOT).
create index marks_in_doubt on payonce.marks (organisation_id, claim_id, generation) where in_doubt_since is not null;

-- ---- Runs that only ask -----------------------------------------------------------------------------------------------
alter table payonce.runs
    drop constraint runs_trigger_check,
    add constraint runs_trigger_check check (trigger in ('manual', 'schedule', 're-export', 'adopt', 'reconcile'));

-- ---- Restore mode -----------------------------------------------------------------------------------------------------
-- A row while it is on. Its story stands in the audit trail.
create table payonce.restores (
    organisation_id text collate "C" primary key,
    since timestamptz not null,
    reason text not null,
    actor text not null
);

-- ---- Secrets ----------------------------------------------------------------------------------------------------------
-- Encrypted by the program, whose keys are not in the database.
create table payonce.secrets (
    organisation_id text collate "C" not null,
    name text collate "C" not null,
    value bytea not null,
    set_at timestamptz not null,
    set_by text not null,
    primary key (organisation_id, name)
);

do $$
declare
    name text;
begin
    foreach name in array array['restores', 'secrets'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

grant select, insert, delete on payonce.restores to payonce_app;
grant select, insert, update on payonce.secrets to payonce_app;
