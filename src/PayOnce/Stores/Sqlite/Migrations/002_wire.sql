-- Exports over an API: what a read-back found, runs that only ask, secrets, and restore mode.

-- Belongs to the attempt that left the claim in doubt, and goes when it is settled or taken again.
alter table marks add column absent_since integer check (absent_since is null or in_doubt_since is not null);

-- A further trigger of a run. SQLite cannot change a CHECK, so the table is made anew. Its rows are parents of batches, attempts
-- and files: put aside and back under the same name, with foreign keys looked at when the transaction ends.
pragma defer_foreign_keys = on;
create temp table runs_aside as select * from runs;
delete from runs;
drop table runs;
create table runs (
    organisation_id text not null references organisations,
    run_id integer not null,
    "trigger" text not null check ("trigger" in ('manual', 'schedule', 're-export', 'adopt', 'reconcile')),
    state text not null check (state in ('running', 'finished', 'failed', 'cancelled', 'rolled_back')),
    actor text not null,
    holder text not null,
    nonce text not null,
    epoch integer not null,
    scope_from integer,
    scope_before integer,
    scope_limit integer,
    scope_claim_id text,
    exporter text not null,
    format text not null,
    integration_version integer not null,
    candidates integer not null default 0 check (candidates >= 0),
    skipped_duplicates integer not null default 0 check (skipped_duplicates >= 0),
    reserved integer not null default 0 check (reserved >= 0),
    exported integer not null default 0 check (exported >= 0),
    rejected integer not null default 0 check (rejected >= 0),
    in_doubt integer not null default 0 check (in_doubt >= 0),
    released integer not null default 0 check (released >= 0),
    started_at integer not null,
    ended_at integer,
    failure text,
    first_voucher integer not null,
    primary key (organisation_id, run_id)
) without rowid;
insert into runs select * from temp.runs_aside;
drop table temp.runs_aside;
create index runs_running on runs (organisation_id, run_id) where state = 'running';

-- Restore mode: a row while it is on. Its story stands in the audit trail.
create table restores (
    organisation_id text not null references organisations,
    since integer not null,
    reason text not null,
    actor text not null,
    primary key (organisation_id)
) without rowid;

-- Encrypted by the program, whose keys are not in this file.
create table secrets (
    organisation_id text not null references organisations,
    name text not null,
    value blob not null,
    set_at integer not null,
    set_by text not null,
    primary key (organisation_id, name)
);
