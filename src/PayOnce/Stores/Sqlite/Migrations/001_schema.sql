-- The schema of the SQLite store. Same tables, columns and numbers as the PostgreSQL store's.
-- Times are integers: microseconds since 1970-01-01T00:00:00Z. Amounts are integers in minor units.
-- Text compares byte by byte (BINARY), which for ids is the ordinal order.
-- WITHOUT ROWID where rows are narrow and are found by their key; tables with long texts and blobs keep a rowid,
-- so that their indexes stay narrow.

create table schema_version (
    number integer not null
);

create table organisations (
    organisation_id text not null,
    name text not null,
    time_zone text not null,
    created_at integer not null,
    primary key (organisation_id)
) without rowid;

create table integrations (
    organisation_id text not null references organisations,
    version integer not null check (version > 0),
    settings text not null,
    created_at integer not null,
    created_by text not null,
    primary key (organisation_id, version)
);

-- lines: canonical JSON, never searched in SQL.
create table claims (
    organisation_id text not null references organisations,
    claim_id text not null,
    export_key text not null,
    claimant_id text not null,
    claimant_name text not null,
    type text not null,
    currency text not null,
    total_minor integer not null check (typeof(total_minor) = 'integer'),
    approved_at integer not null check (typeof(approved_at) = 'integer'),
    approved_by text not null,
    lines text not null,
    payload_hash blob not null,
    taken_in_at integer not null,
    primary key (organisation_id, claim_id),
    unique (organisation_id, export_key)
);

create index claims_approved on claims (organisation_id, approved_at, claim_id);

-- The guard: its primary key decides whether a claim may leave. Rows are never deleted.
-- No foreign key to claims: claims that left before PayOnce came have marks only.
create table marks (
    organisation_id text not null references organisations,
    claim_id text not null,
    generation integer not null check (generation >= 0),
    state text not null check (state in ('reserved', 'exported', 'rejected', 'in_doubt', 'released')),
    attempt integer not null,
    epoch integer not null,
    run_id integer not null,
    batch integer not null,
    export_key text not null,
    payload_hash blob,
    evidence text check (evidence in ('in_file', 'received', 'booked')),
    acknowledgement text,
    reason text,
    changed_at integer not null,
    in_doubt_since integer,
    primary key (organisation_id, claim_id, generation),
    unique (organisation_id, export_key),
    check ((state = 'exported') = (evidence is not null)),
    check ((state = 'in_doubt') = (in_doubt_since is not null))
);

create index marks_run on marks (organisation_id, run_id, batch);

-- In doubt is rare and asked for often.
create index marks_in_doubt on marks (organisation_id, claim_id) where state = 'in_doubt';

-- Where a mark was before it was reserved again: with the mark's own run and batch, every attempt that held the claim.
-- Written only by the reserve that takes a mark again, so that the ordinary case costs nothing. A JSON index over
-- attempts.claim_ids would have to be kept for each claim exported.
create table attempt_claims (
    organisation_id text not null,
    claim_id text not null,
    run_id integer not null,
    batch integer not null,
    primary key (organisation_id, claim_id, run_id, batch)
) without rowid;

-- The work list: what may still go. Never the guard; `payonce doctor` compares it with claims and marks.
create table pending (
    organisation_id text not null,
    approved_at integer not null,
    claim_id text not null,
    generation integer not null,
    primary key (organisation_id, approved_at, claim_id)
) without rowid;

create table runs (
    organisation_id text not null references organisations,
    run_id integer not null,
    "trigger" text not null check ("trigger" in ('manual', 'schedule', 're-export', 'adopt')),
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

create index runs_running on runs (organisation_id, run_id) where state = 'running';

create table run_leases (
    organisation_id text not null references organisations,
    epoch integer not null,
    holder text,
    run_id integer,
    last_run_id integer not null,
    next_voucher integer not null,
    taken_at integer,
    expires_at integer,
    primary key (organisation_id),
    check ((holder is null) = (run_id is null))
) without rowid;

-- content: the frozen bytes, gzip. sha256 is over the uncompressed bytes.
create table batches (
    organisation_id text not null,
    run_id integer not null,
    batch integer not null,
    sha256 text not null,
    claims integer not null,
    lines integer not null,
    content blob not null,
    primary key (organisation_id, run_id, batch),
    foreign key (organisation_id, run_id) references runs
);

-- claim_ids: JSON array of every claim taken, in the row of step reserved; rejections: JSON array of those that could not be rendered.
create table attempts (
    organisation_id text not null,
    run_id integer not null,
    batch integer not null,
    try integer not null,
    step text not null check (step in ('reserved', 'started', 'finished')),
    epoch integer not null,
    claim_ids text,
    rejections text,
    bytes_hash text,
    outcome text check (outcome in ('accepted', 'refused', 'unknown')),
    http_status integer,
    error text,
    at integer not null,
    primary key (organisation_id, run_id, batch, try, step),
    foreign key (organisation_id, run_id) references runs,
    check ((step = 'finished') = (outcome is not null))
);

create table files (
    organisation_id text not null,
    run_id integer not null,
    name text not null,
    content_type text not null,
    sha256 text not null,
    bytes integer not null,
    claims integer not null,
    lines integer not null,
    control_totals text not null,
    prologue blob not null,
    separator blob not null,
    epilogue blob not null,
    manifest blob not null,
    folder text,
    state text not null check (state in ('publishing', 'available', 'withdrawn')),
    fetched_at integer,
    imported_as text,
    created_at integer not null,
    primary key (organisation_id, run_id),
    unique (organisation_id, name),
    foreign key (organisation_id, run_id) references runs
);

create table audit_events (
    organisation_id text not null references organisations,
    sequence integer not null,
    at integer not null,
    actor text not null,
    action text not null,
    subject text not null,
    details text not null,
    previous_hash text not null,
    hash text not null,
    primary key (organisation_id, sequence)
) without rowid;

create table audit_heads (
    organisation_id text not null references organisations,
    sequence integer not null,
    hash text not null,
    primary key (organisation_id)
) without rowid;

-- Append-only, whoever writes. INSERT OR REPLACE removes a row without firing a delete trigger unless its connection has
-- recursive_triggers on (ours have); the insert triggers hold for connections that have not.
create trigger attempts_are_not_changed before update on attempts begin select raise(abort, 'attempts are append-only'); end;
create trigger attempts_are_not_deleted before delete on attempts begin select raise(abort, 'attempts are append-only'); end;
create trigger attempts_are_not_replaced before insert on attempts
when exists (select 1 from attempts a where a.organisation_id = new.organisation_id and a.run_id = new.run_id and a.batch = new.batch and a.try = new.try and a.step = new.step)
begin select raise(abort, 'attempts are append-only'); end;

create trigger attempt_claims_are_not_changed before update on attempt_claims begin select raise(abort, 'attempt_claims are append-only'); end;
create trigger attempt_claims_are_not_deleted before delete on attempt_claims begin select raise(abort, 'attempt_claims are append-only'); end;

create trigger audit_events_are_not_changed before update on audit_events begin select raise(abort, 'audit_events are append-only'); end;
create trigger audit_events_are_not_deleted before delete on audit_events begin select raise(abort, 'audit_events are append-only'); end;
create trigger audit_events_are_not_replaced before insert on audit_events
when exists (select 1 from audit_events e where e.organisation_id = new.organisation_id and e.sequence = new.sequence)
begin select raise(abort, 'audit_events are append-only'); end;

create trigger batches_are_not_changed before update on batches begin select raise(abort, 'batches are frozen'); end;
create trigger batches_are_not_deleted before delete on batches begin select raise(abort, 'batches are frozen'); end;

create trigger marks_are_not_deleted before delete on marks begin select raise(abort, 'marks are never deleted'); end;
