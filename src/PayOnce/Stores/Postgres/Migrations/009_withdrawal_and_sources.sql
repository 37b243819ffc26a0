-- ---- Withdrawn claims -------------------------------------------------------------------------------------------------
-- A claim that was approved and is so no longer. Three columns rather than a table: the statements that ask read the claim's row already.
-- No index over what intake writes: the condition keeps every other claim out of it.
alter table payonce.claims
    add column withdrawn_at timestamptz,
    add column withdrawn_by text,
    add column withdrawn_reason text,
    add constraint withdrawn_whole check (num_nulls(withdrawn_at, withdrawn_by, withdrawn_reason) in (0, 3));

create index claims_withdrawn on payonce.claims (organisation_id, approved_at, claim_id) where withdrawn_at is not null;

-- ---- Sources ----------------------------------------------------------------------------------------------------------
-- Claims that are read from where they are: an organisation's source, how far it was read, and what of it could not be taken in.

-- next_at: when it is read next, so that nobody has to look at all of them; write_back_at likewise for what is told back.
-- reading: the number of the newest reading; reading_until: for so long nobody else begins one.
create table payonce.sources (
    organisation_id text collate "C" primary key,
    version integer not null check (version > 0),
    settings text not null,
    changed_by text not null,
    changed_at timestamptz not null,
    next_at timestamptz,
    approved_until timestamptz,
    withdrawn_until timestamptz,
    reading bigint not null default 0,
    reading_until timestamptz,
    began_at timestamptz,
    ended_at timestamptz,
    read bigint not null default 0,
    added bigint not null default 0,
    updated bigint not null default 0,
    withdrawn bigint not null default 0,
    failure text,
    write_back_at timestamptz,
    write_back_tries integer not null default 0,
    write_back_failure text,
    written_at timestamptz
) with (fillfactor = 50);

create index sources_due on payonce.sources (next_at) where next_at is not null;
create index sources_to_write on payonce.sources (write_back_at) where write_back_at is not null;

-- Rows that the source has and PayOnce has not, with why. Looked at again by each reading.
create table payonce.source_refusals (
    organisation_id text collate "C" not null,
    claim_id text collate "C" not null,
    approved_at timestamptz,
    reason text not null,
    since timestamptz not null,
    primary key (organisation_id, claim_id)
);

-- Which version of a run's row was told back: another one means that something of it may have changed since.
create table payonce.source_write_backs (
    organisation_id text collate "C" not null,
    run_id bigint not null,
    version bigint not null,
    primary key (organisation_id, run_id)
);

do $$
declare
    name text;
begin
    foreach name in array array['sources', 'source_refusals', 'source_write_backs'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

-- Looking for work crosses organisations, as with schedules.
create policy work on payonce.sources for select to payonce_app
    using ((next_at is not null or write_back_at is not null) and (select current_setting('payonce.organisation', true)) = '*');

grant select, insert, update on payonce.sources, payonce.source_write_backs to payonce_app;
grant select, insert, update, delete on payonce.source_refusals to payonce_app;
