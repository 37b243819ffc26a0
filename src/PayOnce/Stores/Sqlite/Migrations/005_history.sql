-- What pages ask for: lists with filters, search by any id, sums.

-- The work list's sums: what the next run takes.
create table waiting_totals (
    organisation_id text not null references organisations,
    currency text not null,
    claims integer not null,
    amount_minor integer not null,
    primary key (organisation_id, currency)
) without rowid;

-- A run's: what it took and could send, and which of its exports stand. Currency '' for claims that were never taken in.
create table run_totals (
    organisation_id text not null references organisations,
    run_id integer not null,
    currency text not null,
    taken integer not null default 0,
    taken_minor integer not null default 0,
    claims integer not null default 0,
    amount_minor integer not null default 0,
    primary key (organisation_id, run_id, currency)
) without rowid;

-- The sums of run_totals by the month in which the runs started, in the organisation's time zone.
create table month_totals (
    organisation_id text not null references organisations,
    month text not null,
    currency text not null,
    claims integer not null,
    amount_minor integer not null,
    primary key (organisation_id, month, currency)
) without rowid;

-- Every acknowledgement a claim ever had, to be found by.
create table acknowledgements (
    organisation_id text not null references organisations,
    acknowledgement text not null,
    claim_id text not null,
    generation integer not null,
    primary key (organisation_id, acknowledgement, claim_id, generation)
) without rowid;

-- month: the first day of the month in which the run started, in the organisation's time zone, which SQLite does not know: of the
-- runs that are there already, in UTC. version: rises with each change of the row, for whoever watches a run.
alter table runs add column month text not null default '';
alter table runs add column version integer not null default 0;
update runs set month = strftime('%Y-%m-01', started_at / 1000000, 'unixepoch');

alter table pending add column rejected integer not null default 0;
update pending set rejected = 1
where (select m.state from marks m where m.organisation_id = pending.organisation_id and m.claim_id = pending.claim_id order by m.generation desc limit 1) = 'rejected';

-- For search without spaces and dots; without case the export key finds a claim. Null where the id has neither, so that the
-- index over it costs ordinary ids nothing.
alter table claims add column search_id text generated always as (case when claim_id glob '*[ .]*' then upper(replace(replace(claim_id, ' ', ''), '.', '')) end) virtual;

insert into waiting_totals (organisation_id, currency, claims, amount_minor)
select p.organisation_id, c.currency, count(*), sum(c.total_minor)
from pending p cross join claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id
group by p.organisation_id, c.currency;

insert into run_totals (organisation_id, run_id, currency, claims, amount_minor)
select m.organisation_id, m.run_id, coalesce(c.currency, ''), count(*), coalesce(sum(c.total_minor), 0)
from marks m left join claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
where m.state = 'exported'
group by m.organisation_id, m.run_id, coalesce(c.currency, '');

insert into month_totals (organisation_id, month, currency, claims, amount_minor)
select t.organisation_id, r.month, t.currency, sum(t.claims), sum(t.amount_minor)
from run_totals t join runs r on r.organisation_id = t.organisation_id and r.run_id = t.run_id
group by t.organisation_id, r.month, t.currency;

insert into acknowledgements (organisation_id, acknowledgement, claim_id, generation)
select organisation_id, acknowledgement, claim_id, generation from marks where acknowledgement is not null and length(acknowledgement) <= 200;

-- Triggers: a row for each run or batch, never for each claim.
create trigger runs_next_version after update on runs when new.version = old.version
begin update runs set version = old.version + 1 where organisation_id = new.organisation_id and run_id = new.run_id; end;

create trigger run_totals_added after insert on run_totals when new.claims <> 0 or new.amount_minor <> 0
begin
    insert into month_totals (organisation_id, month, currency, claims, amount_minor)
    select r.organisation_id, r.month, new.currency, new.claims, new.amount_minor from runs r where r.organisation_id = new.organisation_id and r.run_id = new.run_id
    on conflict (organisation_id, month, currency) do update set claims = claims + excluded.claims, amount_minor = amount_minor + excluded.amount_minor;
end;

create trigger run_totals_changed after update on run_totals when new.claims <> old.claims or new.amount_minor <> old.amount_minor
begin
    insert into month_totals (organisation_id, month, currency, claims, amount_minor)
    select r.organisation_id, r.month, new.currency, new.claims - old.claims, new.amount_minor - old.amount_minor from runs r where r.organisation_id = new.organisation_id and r.run_id = new.run_id
    on conflict (organisation_id, month, currency) do update set claims = claims + excluded.claims, amount_minor = amount_minor + excluded.amount_minor;
end;

create index claims_by_claimant on claims (organisation_id, claimant_id, approved_at, claim_id);
create index claims_by_search_id on claims (organisation_id, search_id) where search_id is not null;
create index marks_by_doubt on marks (organisation_id, in_doubt_since, claim_id, generation) where in_doubt_since is not null;
-- Claims that a run registered without sending them stand in no batch's list.
create index marks_registered on marks (organisation_id, run_id, claim_id) where batch = 0 and run_id > 0;
create index pending_rejected on pending (organisation_id, approved_at, claim_id) where rejected = 1;
create index runs_in_doubt on runs (organisation_id, run_id) where in_doubt > 0;
create index runs_rejected on runs (organisation_id, run_id) where rejected > 0;
create index runs_by_start on runs (organisation_id, started_at, run_id);
create index runs_by_trigger on runs (organisation_id, "trigger", run_id);
create index attempts_answered on attempts (organisation_id, at) where http_status is not null;
create index files_imported on files (organisation_id, imported_as) where imported_as is not null;
create index audit_events_by_time on audit_events (organisation_id, at, sequence);
create index audit_events_by_actor on audit_events (organisation_id, actor, at, sequence);
create index audit_events_by_action on audit_events (organisation_id, action, at, sequence);
create index audit_events_by_subject on audit_events (organisation_id, subject, at, sequence);
