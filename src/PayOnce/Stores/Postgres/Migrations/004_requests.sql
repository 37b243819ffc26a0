-- What was asked for and when it is due: run requests, schedules and their fires, the kill switch, notifications.

-- Which request a run is of (the command line's have none), and who wants it to stop.
alter table payonce.runs
    add column request_id bigint,
    add column stop_requested_at timestamptz,
    add column stop_requested_by text;

create index runs_of_request on payonce.runs (organisation_id, request_id) where request_id is not null;

-- scope, outcome: JSON, never searched in SQL. asked_hash: over what was asked, for the same idempotency key again.
create table payonce.run_requests (
    organisation_id text collate "C" not null,
    request_id bigint not null,
    kind text collate "C" not null check (kind in ('sync', 're-export', 'reconcile')),
    trigger text collate "C" not null check (trigger in ('manual', 'schedule', 're-export', 'reconcile')),
    scope text not null,
    actor text not null,
    when_busy text collate "C" not null check (when_busy in ('reject', 'queue')),
    idempotency_key text collate "C",
    asked_hash text collate "C" not null,
    state text collate "C" not null check (state in ('queued', 'running', 'done', 'refused', 'failed', 'cancelled')),
    attempt integer not null default 0,
    node text,
    run_id bigint,
    outcome text,
    asked_at timestamptz not null,
    taken_at timestamptz,
    ended_at timestamptz,
    primary key (organisation_id, request_id),
    check (state <> 'running' or (node is not null and taken_at is not null and attempt > 0)),
    check ((state in ('queued', 'running')) = (ended_at is null))
);

create unique index run_requests_key on payonce.run_requests (organisation_id, idempotency_key) where idempotency_key is not null;
create unique index run_requests_running on payonce.run_requests (organisation_id) where state = 'running';
create index run_requests_unfinished on payonce.run_requests (organisation_id, request_id) where ended_at is null;

-- The kill switch is on while there is a row without an end. Organisation '*', which is no valid id, is the whole installation.
create table payonce.pauses (
    organisation_id text collate "C" not null,
    since timestamptz not null,
    reason text not null,
    actor text not null,
    ended_at timestamptz,
    ended_by text,
    primary key (organisation_id, since)
);

create unique index pauses_open on payonce.pauses (organisation_id) where ended_at is null;

-- cron: Quartz form, in the organisation's time zone. next_at: when it is due, so that nobody has to read all of them.
create table payonce.schedules (
    organisation_id text collate "C" not null,
    integration text collate "C" not null,
    version integer not null check (version > 0),
    cron text not null,
    enabled boolean not null,
    options text not null,
    next_at timestamptz check (next_at is null or enabled),
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (organisation_id, integration)
);

create index schedules_due on payonce.schedules (next_at) where next_at is not null;

-- The key lets one node of many make a fire. Without a request: the time was missed and too old to be caught up.
create table payonce.schedule_fires (
    organisation_id text collate "C" not null,
    integration text collate "C" not null,
    scheduled_at timestamptz not null,
    fired_at timestamptz not null,
    request_id bigint,
    primary key (organisation_id, integration, scheduled_at)
);

create table payonce.notification_settings (
    organisation_id text collate "C" not null,
    version integer not null check (version > 0),
    settings text not null,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (organisation_id, version)
);

-- The outbox. payload: the bytes that are sent, the same at each try.
create table payonce.notifications (
    organisation_id text collate "C" not null,
    notification_id bigint not null,
    kind text collate "C" not null check (kind in ('run.failed', 'run.rejections', 'run.in_doubt', 'run.not_started')),
    channel text collate "C" not null check (channel in ('webhook', 'email')),
    payload text not null,
    state text collate "C" not null check (state in ('waiting', 'sent', 'given_up')),
    tries integer not null default 0,
    next_try_at timestamptz,
    failure text,
    created_at timestamptz not null,
    sent_at timestamptz,
    primary key (organisation_id, notification_id),
    check ((state = 'waiting') = (next_try_at is not null)),
    check ((state = 'sent') = (sent_at is not null))
);

create index notifications_due on payonce.notifications (next_try_at) where next_try_at is not null;

-- ---- Row-level security -----------------------------------------------------------------------------------------------
do $$
declare
    name text;
begin
    foreach name in array array['run_requests', 'pauses', 'schedules', 'schedule_fires', 'notification_settings', 'notifications'] loop
        execute format('alter table payonce.%I enable row level security, force row level security', name);
        execute format('create policy own_rows on payonce.%I to payonce_app '
            'using (organisation_id = (select current_setting(''payonce.organisation'', true)))', name);
    end loop;
end
$$;

-- Looking for work crosses organisations, as listing them does: a transaction for '*' may read what is not done yet, and of each
-- organisation nothing that is over.
create policy work on payonce.run_requests for select to payonce_app
    using (ended_at is null and (select current_setting('payonce.organisation', true)) = '*');
create policy work on payonce.schedules for select to payonce_app
    using (next_at is not null and (select current_setting('payonce.organisation', true)) = '*');
create policy work on payonce.notifications for select to payonce_app
    using (next_try_at is not null and (select current_setting('payonce.organisation', true)) = '*');
-- Why nothing starts anywhere is no secret.
create policy installation on payonce.pauses for select to payonce_app using (organisation_id = '*');

grant select, insert on payonce.schedule_fires, payonce.notification_settings to payonce_app;
grant select, insert, update on payonce.run_requests, payonce.pauses, payonce.schedules, payonce.notifications to payonce_app;
