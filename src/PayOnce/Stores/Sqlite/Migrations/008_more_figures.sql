-- What keeps a run's start and its lists as quick with a million claims as with a few.

-- How many claims were approved on each day (UTC): so a run knows how many of its scope earlier runs have without looking at each.
-- Moved by intake, which alone makes claims and changes their approval.
create table approval_days (
    organisation_id text not null references organisations,
    day text not null,
    claims integer not null,
    primary key (organisation_id, day)
) without rowid;

-- Division rounds towards zero: the remainder is made positive first, so that times before 1970 count for their own day.
insert into approval_days (organisation_id, day, claims)
select organisation_id, strftime('%Y-%m-%d', (approved_at - (approved_at % 86400000000 + 86400000000) % 86400000000) / 1000000, 'unixepoch'), count(*)
from claims group by 1, 2;

-- What a run rejected is found without the batches in which it rejected nothing.
create index attempts_rejected on attempts (organisation_id, run_id, batch, try) where rejections is not null;
