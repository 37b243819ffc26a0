-- How long documents are kept, and the erasure of personal fields afterwards (docs/decisions/0021).

-- A further topic. SQLite cannot change a CHECK, so the table is made anew; dropping one fires no trigger.
create table organisation_settings_anew (
    organisation_id text not null references organisations,
    topic text not null check (topic in ('flags', 'declaration', 'rates', 'limits', 'privacy')),
    version integer not null check (version > 0),
    value text not null,
    changed_by text not null,
    changed_at integer not null,
    primary key (organisation_id, topic, version)
);
insert into organisation_settings_anew select organisation_id, topic, version, value, changed_by, changed_at from organisation_settings;
drop table organisation_settings;
alter table organisation_settings_anew rename to organisation_settings;

create trigger organisation_settings_are_not_changed before update on organisation_settings begin select raise(abort, 'organisation_settings are append-only'); end;
create trigger organisation_settings_are_not_deleted before delete on organisation_settings begin select raise(abort, 'organisation_settings are append-only'); end;
create trigger organisation_settings_are_not_replaced before insert on organisation_settings
when exists (select 1 from organisation_settings e where e.organisation_id = new.organisation_id and e.topic = new.topic and e.version = new.version)
begin select raise(abort, 'organisation_settings are append-only'); end;

-- phase, cursor_at, cursor_id: how far it came, so that whoever goes on begins there.
-- salt: makes one pseudonym of each claimant while the erasure goes on; gone when it has ended, and with it every way back.
create table erasures (
    organisation_id text not null references organisations,
    number integer not null check (number > 0),
    before integer not null,
    reason text not null,
    actor text not null,
    phase text not null check (phase in ('claims', 'forms', 'acknowledgements', 'runs')),
    cursor_at integer not null,
    cursor_id text not null,
    salt blob,
    claims integer not null default 0,
    forms integer not null default 0,
    receipts integer not null default 0,
    acknowledgements integer not null default 0,
    runs integer not null default 0,
    begun_at integer not null,
    ended_at integer,
    primary key (organisation_id, number),
    check ((salt is null) = (ended_at is not null))
);

-- One at a time.
create unique index erasures_open on erasures (organisation_id) where ended_at is null;

create trigger erasures_are_not_deleted before delete on erasures begin select raise(abort, 'erasures are never deleted'); end;

-- The runs whose frozen bytes are gone.
create table erased_runs (
    organisation_id text not null,
    run_id integer not null,
    at integer not null,
    primary key (organisation_id, run_id),
    foreign key (organisation_id, run_id) references runs
) without rowid;

create trigger erased_runs_are_not_changed before update on erased_runs begin select raise(abort, 'erased_runs are append-only'); end;
create trigger erased_runs_are_not_deleted before delete on erased_runs begin select raise(abort, 'erased_runs are append-only'); end;

alter table claims add column erased_at integer;
alter table claim_forms add column erased_at integer;
alter table declaration_acknowledgements add column erased_at integer;
alter table files add column erased_at integer;

-- ---- What erasure may change of rows that otherwise never change -------------------------------------------------------
-- Nothing is put back into a claim that was erased, and what its sums come from stays.
create trigger erased_claims_stay before update of claimant_id, claimant_name, type, currency, total_minor, approved_at, approved_by, lines, payload_hash, erased_at on claims
when old.erased_at is not null begin select raise(abort, 'an erased claim stays erased'); end;

create trigger erasure_keeps_sums before update of erased_at on claims
when new.currency <> old.currency or new.total_minor <> old.total_minor or new.approved_at <> old.approved_at or new.payload_hash <> old.payload_hash or new.type <> old.type
begin select raise(abort, 'erasure keeps sums and hashes'); end;

drop trigger batches_are_not_changed;
create trigger batches_are_not_changed before update on batches
when length(new.content) > 0 or new.organisation_id <> old.organisation_id or new.run_id <> old.run_id or new.batch <> old.batch or new.sha256 <> old.sha256
  or new.claims <> old.claims or new.lines <> old.lines or not exists (select 1 from erased_runs e where e.organisation_id = old.organisation_id and e.run_id = old.run_id)
begin select raise(abort, 'batches are frozen'); end;

drop trigger attempts_are_not_changed;
create trigger attempts_are_not_changed before update on attempts
when new.organisation_id <> old.organisation_id or new.run_id <> old.run_id or new.batch <> old.batch or new.try <> old.try or new.step <> old.step or new.epoch <> old.epoch
  or new.claim_ids is not old.claim_ids or (new.rejections is null) <> (old.rejections is null) or new.bytes_hash is not old.bytes_hash or new.outcome is not old.outcome
  or new.http_status is not old.http_status or (new.error is not old.error and new.error is not 'erased') or new.at <> old.at
  or not exists (select 1 from erased_runs e where e.organisation_id = old.organisation_id and e.run_id = old.run_id)
begin select raise(abort, 'attempts are append-only'); end;

drop trigger declaration_acknowledgements_are_not_changed;
create trigger declaration_acknowledgements_are_not_changed before update on declaration_acknowledgements
when old.erased_at is not null or new.erased_at is null or new.text <> '' or new.name <> 'erased' or new.user_id <> '' or new.organisation_id <> old.organisation_id
  or new.number <> old.number or new.version <> old.version or new.sha256 <> old.sha256 or new.at <> old.at
begin select raise(abort, 'declaration_acknowledgements are append-only'); end;

drop trigger declaration_withdrawals_are_not_changed;
create trigger declaration_withdrawals_are_not_changed before update on declaration_withdrawals
when new.actor <> 'erased' or new.reason is not null or new.organisation_id <> old.organisation_id or new.number <> old.number or new.at <> old.at
  or not exists (select 1 from declaration_acknowledgements a where a.organisation_id = old.organisation_id and a.number = old.number and a.erased_at is not null)
begin select raise(abort, 'declaration_withdrawals are append-only'); end;

drop trigger decided_claim_forms_are_not_changed;
create trigger decided_claim_forms_are_not_changed before update on claim_forms
when old.erased_at is not null or ((old.state = 'discarded' or (old.state = 'approved' and new.state <> 'sent_back')) and (new.erased_at is null or new.state <> old.state))
  or (new.erased_at is null and new.claimant_id <> old.claimant_id)
begin select raise(abort, 'approved and discarded claim_forms are not changed'); end;

drop trigger receipts_are_not_changed;
create trigger receipts_are_not_changed before update on receipts
when new.name <> 'erased' or new.organisation_id <> old.organisation_id or new.form_id <> old.form_id or new.number <> old.number or new.content_type <> old.content_type
  or new.bytes <> old.bytes or new.sha256 <> old.sha256 or new.added_at <> old.added_at
  or not exists (select 1 from claim_forms f where f.organisation_id = old.organisation_id and f.form_id = old.form_id and f.erased_at is not null)
begin select raise(abort, 'receipts are not changed'); end;
