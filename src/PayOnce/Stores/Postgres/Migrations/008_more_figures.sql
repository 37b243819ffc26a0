-- What keeps a run's start and its lists as quick with a million claims as with a few.

-- How many claims were approved on each day (UTC): so a run knows how many of its scope earlier runs have without looking at each.
-- Moved by intake, which alone makes claims and changes their approval.
create table payonce.approval_days (
    organisation_id text collate "C" not null,
    day date not null,
    claims bigint not null,
    primary key (organisation_id, day)
) with (fillfactor = 50);

-- The calendar's first moment is stored as -infinity, and counts for the first day. The owner himself is held back by row-level security: for this transaction, which nobody sees into, he is not.
alter table payonce.claims no force row level security;
insert into payonce.approval_days (organisation_id, day, claims)
select organisation_id, greatest((approved_at at time zone 'UTC')::date, '0001-01-01'), count(*) from payonce.claims group by 1, 2;
alter table payonce.claims force row level security;

alter table payonce.approval_days enable row level security, force row level security;
create policy own_rows on payonce.approval_days to payonce_app using (organisation_id = (select current_setting('payonce.organisation', true)));
grant select, insert, update on payonce.approval_days to payonce_app;

-- What a run rejected is found without the batches in which it rejected nothing.
create index attempts_rejected on payonce.attempts (organisation_id, run_id, batch, try) where rejections is not null;
