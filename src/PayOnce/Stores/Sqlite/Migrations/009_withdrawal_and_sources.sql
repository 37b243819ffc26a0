-- ---- Withdrawn claims -------------------------------------------------------------------------------------------------
-- A claim that was approved and is so no longer.
alter table claims add column withdrawn_at integer;
alter table claims add column withdrawn_by text check ((withdrawn_by is null) = (withdrawn_at is null));
alter table claims add column withdrawn_reason text check ((withdrawn_reason is null) = (withdrawn_at is null));

create index claims_withdrawn on claims (organisation_id, approved_at, claim_id) where withdrawn_at is not null;

-- ---- Sources ----------------------------------------------------------------------------------------------------------
-- Claims that are read from where they are: an organisation's source, how far it was read, and what of it could not be taken in.

-- next_at: when it is read next; write_back_at: when something is told back next.
-- reading: the number of the newest reading; reading_until: for so long nobody else begins one.
create table sources (
    organisation_id text primary key references organisations,
    version integer not null check (version > 0),
    settings text not null,
    changed_by text not null,
    changed_at integer not null,
    next_at integer,
    approved_until integer,
    withdrawn_until integer,
    reading integer not null default 0,
    reading_until integer,
    began_at integer,
    ended_at integer,
    read integer not null default 0,
    added integer not null default 0,
    updated integer not null default 0,
    withdrawn integer not null default 0,
    failure text,
    write_back_at integer,
    write_back_tries integer not null default 0,
    write_back_failure text,
    written_at integer
);

create index sources_due on sources (next_at) where next_at is not null;
create index sources_to_write on sources (write_back_at) where write_back_at is not null;

-- Rows that the source has and PayOnce has not, with why. Looked at again by each reading.
create table source_refusals (
    organisation_id text not null references organisations,
    claim_id text not null,
    approved_at integer,
    reason text not null,
    since integer not null,
    primary key (organisation_id, claim_id)
);

-- Which version of a run's row was told back: another one means that something of it may have changed since.
create table source_write_backs (
    organisation_id text not null references organisations,
    run_id integer not null,
    version integer not null,
    primary key (organisation_id, run_id)
);
