-- What was asked for and when it is due: run requests, schedules and their fires, the kill switch, notifications.

-- Which request a run is of (the command line's have none), and who wants it to stop.
alter table runs add column request_id integer;
alter table runs add column stop_requested_at integer;
alter table runs add column stop_requested_by text;

create index runs_of_request on runs (organisation_id, request_id) where request_id is not null;

-- scope, outcome: JSON, never searched in SQL. asked_hash: over what was asked, for the same idempotency key again.
create table run_requests (
    organisation_id text not null references organisations,
    request_id integer not null,
    kind text not null check (kind in ('sync', 're-export', 'reconcile')),
    "trigger" text not null check ("trigger" in ('manual', 'schedule', 're-export', 'reconcile')),
    scope text not null,
    actor text not null,
    when_busy text not null check (when_busy in ('reject', 'queue')),
    idempotency_key text,
    asked_hash text not null,
    state text not null check (state in ('queued', 'running', 'done', 'refused', 'failed', 'cancelled')),
    attempt integer not null default 0,
    node text,
    run_id integer,
    outcome text,
    asked_at integer not null,
    taken_at integer,
    ended_at integer,
    primary key (organisation_id, request_id),
    check (state <> 'running' or (node is not null and taken_at is not null and attempt > 0)),
    check ((state in ('queued', 'running')) = (ended_at is null))
);

create unique index run_requests_key on run_requests (organisation_id, idempotency_key) where idempotency_key is not null;
create unique index run_requests_running on run_requests (organisation_id) where state = 'running';
create index run_requests_unfinished on run_requests (organisation_id, request_id) where ended_at is null;

-- The kill switch is on while there is a row without an end. Organisation '*', which is no valid id, is the whole installation.
create table pauses (
    organisation_id text not null,
    since integer not null,
    reason text not null,
    actor text not null,
    ended_at integer,
    ended_by text,
    primary key (organisation_id, since)
) without rowid;

create unique index pauses_open on pauses (organisation_id) where ended_at is null;

-- cron: Quartz form, in the organisation's time zone. next_at: when it is due, so that nobody has to read all of them.
create table schedules (
    organisation_id text not null references organisations,
    integration text not null,
    version integer not null check (version > 0),
    cron text not null,
    enabled integer not null check (enabled in (0, 1)),
    options text not null,
    next_at integer check (next_at is null or enabled = 1),
    changed_by text not null,
    changed_at integer not null,
    primary key (organisation_id, integration)
) without rowid;

create index schedules_due on schedules (next_at) where next_at is not null;

-- The key lets one node of many make a fire. Without a request: the time was missed and too old to be caught up.
create table schedule_fires (
    organisation_id text not null,
    integration text not null,
    scheduled_at integer not null,
    fired_at integer not null,
    request_id integer,
    primary key (organisation_id, integration, scheduled_at),
    foreign key (organisation_id, integration) references schedules,
    foreign key (organisation_id, request_id) references run_requests
) without rowid;

create table notification_settings (
    organisation_id text not null references organisations,
    version integer not null check (version > 0),
    settings text not null,
    changed_by text not null,
    changed_at integer not null,
    primary key (organisation_id, version)
);

-- The outbox. payload: the bytes that are sent, the same at each try.
create table notifications (
    organisation_id text not null references organisations,
    notification_id integer not null,
    kind text not null check (kind in ('run.failed', 'run.rejections', 'run.in_doubt', 'run.not_started')),
    channel text not null check (channel in ('webhook', 'email')),
    payload text not null,
    state text not null check (state in ('waiting', 'sent', 'given_up')),
    tries integer not null default 0,
    next_try_at integer,
    failure text,
    created_at integer not null,
    sent_at integer,
    primary key (organisation_id, notification_id),
    check ((state = 'waiting') = (next_try_at is not null)),
    check ((state = 'sent') = (sent_at is not null))
);

create index notifications_due on notifications (next_try_at) where next_try_at is not null;
