-- What pages ask for: lists with filters, search by any id, sums.
-- No index here has a column or a condition that confirming an export changes: an update of a mark stays on its page (HOT).

-- ---- Sums that the commits keep ---------------------------------------------------------------------------------------
-- The work list's: what the next run takes.
create table payonce.waiting_totals (
    organisation_id text collate "C" not null,
    currency text collate "C" not null,
    claims bigint not null,
    amount_minor bigint not null,
    primary key (organisation_id, currency)
) with (fillfactor = 50);

-- A run's: what it took and could send, and which of its exports stand. Currency '' for claims that were never taken in.
create table payonce.run_totals (
    organisation_id text collate "C" not null,
    run_id bigint not null,
    currency text collate "C" not null,
    taken bigint not null default 0,
    taken_minor bigint not null default 0,
    claims bigint not null default 0,
    amount_minor bigint not null default 0,
    primary key (organisation_id, run_id, currency)
) with (fillfactor = 50);

-- The sums of run_totals by the month in which the runs started, in the organisation's time zone.
create table payonce.month_totals (
    organisation_id text collate "C" not null,
    month date not null,
    currency text collate "C" not null,
    claims bigint not null,
    amount_minor bigint not null,
    primary key (organisation_id, month, currency)
) with (fillfactor = 50);

-- Every acknowledgement a claim ever had, to be found by: an index over the mark's own would have each confirmation write all
-- indexes of marks.
create table payonce.acknowledgements (
    organisation_id text collate "C" not null,
    acknowledgement text collate "C" not null,
    claim_id text collate "C" not null,
    generation integer not null,
    primary key (organisation_id, acknowledgement, claim_id, generation)
);

-- version: rises with each change of the row, for whoever watches a run.
alter table payonce.runs
    add column month date,
    add column version bigint not null default 0;

alter table payonce.pending add column rejected boolean not null default false;

-- For search without spaces and dots; without case the export key finds a claim. Null where the id has neither, so that the
-- index over it costs ordinary ids nothing.
alter table payonce.claims add column search_id text collate "C"
    generated always as (case when claim_id ~ '[ .]' then upper(translate(claim_id, ' .', '')) end) stored;

-- ---- What is there already ---------------------------------------------------------------------------------------------
-- The owner himself is held back by row-level security: for this transaction, which nobody sees into, he is not.
do $$
declare
    name text;
begin
    foreach name in array array['organisations', 'claims', 'marks', 'pending', 'runs'] loop
        execute format('alter table payonce.%I no force row level security', name);
    end loop;
end
$$;

update payonce.runs r
set month = date_trunc('month', r.started_at at time zone (select o.time_zone from payonce.organisations o where o.organisation_id = r.organisation_id))::date;
alter table payonce.runs alter column month set not null;

update payonce.pending p set rejected = true
where (select m.state from payonce.marks m where m.organisation_id = p.organisation_id and m.claim_id = p.claim_id order by m.generation desc limit 1) = 'rejected';

insert into payonce.waiting_totals (organisation_id, currency, claims, amount_minor)
select p.organisation_id, c.currency, count(*), sum(c.total_minor)
from payonce.pending p join payonce.claims c on c.organisation_id = p.organisation_id and c.claim_id = p.claim_id
group by p.organisation_id, c.currency;

insert into payonce.run_totals (organisation_id, run_id, currency, claims, amount_minor)
select m.organisation_id, m.run_id, coalesce(c.currency, ''), count(*), coalesce(sum(c.total_minor), 0)
from payonce.marks m left join payonce.claims c on c.organisation_id = m.organisation_id and c.claim_id = m.claim_id
where m.state = 'exported'
group by m.organisation_id, m.run_id, coalesce(c.currency, '');

insert into payonce.month_totals (organisation_id, month, currency, claims, amount_minor)
select t.organisation_id, r.month, t.currency, sum(t.claims), sum(t.amount_minor)
from payonce.run_totals t join payonce.runs r on r.organisation_id = t.organisation_id and r.run_id = t.run_id
group by t.organisation_id, r.month, t.currency;

insert into payonce.acknowledgements (organisation_id, acknowledgement, claim_id, generation)
select m.organisation_id, m.acknowledgement, m.claim_id, m.generation
from payonce.marks m where m.acknowledgement is not null and length(m.acknowledgement) <= 200;

do $$
declare
    name text;
begin
    foreach name in array array['organisations', 'claims', 'marks', 'pending', 'runs'] loop
        execute format('alter table payonce.%I force row level security', name);
    end loop;
end
$$;

-- ---- Triggers: a row for each run or batch, never for each claim --------------------------------------------------------
create function payonce.run_month() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    new.month := date_trunc('month', new.started_at at time zone (
        select o.time_zone from payonce.organisations o where o.organisation_id = new.organisation_id))::date;
    return new;
end
$$;

create function payonce.next_version() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    new.version := old.version + 1;
    return new;
end
$$;

create function payonce.add_to_month() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    more bigint := new.claims;
    more_minor bigint := new.amount_minor;
begin
    if tg_op = 'UPDATE' then
        more := more - old.claims;
        more_minor := more_minor - old.amount_minor;
    end if;
    if more <> 0 or more_minor <> 0 then
        insert into payonce.month_totals as t (organisation_id, month, currency, claims, amount_minor)
        select r.organisation_id, r.month, new.currency, more, more_minor
        from payonce.runs r where r.organisation_id = new.organisation_id and r.run_id = new.run_id
        on conflict (organisation_id, month, currency) do update set claims = t.claims + excluded.claims, amount_minor = t.amount_minor + excluded.amount_minor;
    end if;
    return null;
end
$$;

create trigger run_month before insert on payonce.runs for each row execute function payonce.run_month();
create trigger next_version before update on payonce.runs for each row execute function payonce.next_version();
create trigger add_to_month after insert or update on payonce.run_totals for each row execute function payonce.add_to_month();

-- ---- Indexes ------------------------------------------------------------------------------------------------------------
create index claims_by_claimant on payonce.claims (organisation_id, claimant_id, approved_at, claim_id);
create index claims_by_search_id on payonce.claims (organisation_id, search_id) where search_id is not null;
create index marks_by_doubt on payonce.marks (organisation_id, in_doubt_since, claim_id, generation) where in_doubt_since is not null;
-- Claims that a run registered without sending them stand in no batch's list.
create index marks_registered on payonce.marks (organisation_id, run_id, claim_id) where batch = 0 and run_id > 0;
create index pending_rejected on payonce.pending (organisation_id, approved_at, claim_id) where rejected;
create index runs_running on payonce.runs (organisation_id, run_id) where state = 'running';
create index runs_in_doubt on payonce.runs (organisation_id, run_id) where in_doubt > 0;
create index runs_rejected on payonce.runs (organisation_id, run_id) where rejected > 0;
create index runs_by_start on payonce.runs (organisation_id, started_at, run_id);
create index runs_by_trigger on payonce.runs (organisation_id, trigger, run_id);
create index attempts_answered on payonce.attempts (organisation_id, at) where http_status is not null;
create index files_imported on payonce.files (organisation_id, imported_as) where imported_as is not null;
create index audit_events_by_time on payonce.audit_events (organisation_id, at, sequence);
create index audit_events_by_actor on payonce.audit_events (organisation_id, actor, at, sequence);
create index audit_events_by_action on payonce.audit_events (organisation_id, action, at, sequence);
create index audit_events_by_subject on payonce.audit_events (organisation_id, subject, at, sequence);

-- ---- Row-level security and privileges ------------------------------------------------------------------------------------
do $$
declare
    name text;
begin
    foreach name in array array['waiting_totals', 'run_totals', 'month_totals', 'acknowledgements'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

grant select, insert, update on payonce.waiting_totals, payonce.run_totals, payonce.month_totals to payonce_app;
grant select, insert on payonce.acknowledgements to payonce_app;
