-- What an organisation settles for itself, the declaration's acknowledgements, and claims while they are forms.

-- topic: flags, declaration, rates, limits. value: JSON, never searched in SQL.
create table organisation_settings (
    organisation_id text not null references organisations,
    topic text not null check (topic in ('flags', 'declaration', 'rates', 'limits')),
    version integer not null check (version > 0),
    value text not null,
    changed_by text not null,
    changed_at integer not null,
    primary key (organisation_id, topic, version)
);

-- text: the exact text that was read.
create table declaration_acknowledgements (
    organisation_id text not null references organisations,
    number integer not null check (number > 0),
    version integer not null,
    claimant_id text not null check (claimant_id <> ''),
    user_id text not null,
    name text not null check (name <> ''),
    text text not null,
    sha256 text not null,
    at integer not null,
    primary key (organisation_id, number)
);

create index declaration_acknowledgements_of_claimant on declaration_acknowledgements (organisation_id, claimant_id, number);

create table declaration_withdrawals (
    organisation_id text not null,
    number integer not null,
    actor text not null,
    reason text,
    at integer not null,
    primary key (organisation_id, number),
    foreign key (organisation_id, number) references declaration_acknowledgements
);

-- Which acknowledgement a claim rests on; of several the one with the highest number. No foreign key to claims, as with marks.
create table claim_acknowledgements (
    organisation_id text not null,
    claim_id text not null,
    number integer not null,
    primary key (organisation_id, claim_id, number),
    foreign key (organisation_id, number) references declaration_acknowledgements
) without rowid;

create index claim_acknowledgements_of_number on claim_acknowledgements (organisation_id, number);

-- content: JSON, never searched in SQL.
create table claim_forms (
    organisation_id text not null references organisations,
    form_id text not null check (form_id <> ''),
    kind text not null check (kind in ('driver-honorarium', 'travel')),
    claimant_id text not null check (claimant_id <> ''),
    claimant_name text not null,
    user_id text not null,
    state text not null check (state in ('draft', 'submitted', 'sent_back', 'approved', 'discarded')),
    revision integer not null check (revision > 0),
    content text not null,
    created_at integer not null,
    changed_at integer not null,
    submitted_at integer,
    decided_by text,
    decided_by_name text,
    decided_at integer,
    reason text,
    acknowledgement_number integer,
    rates_version integer,
    next_receipt integer not null default 1,
    primary key (organisation_id, form_id),
    check ((state in ('submitted', 'approved')) = (submitted_at is not null)),
    check (state <> 'approved' or (decided_by is not null and decided_by <> user_id and rates_version is not null)),
    check (state <> 'approved' or kind <> 'driver-honorarium' or acknowledgement_number is not null)
);

create index claim_forms_of_claimant on claim_forms (organisation_id, claimant_id, changed_at);
create index claim_forms_by_state on claim_forms (organisation_id, state, changed_at);

create table receipts (
    organisation_id text not null,
    form_id text not null,
    number integer not null,
    name text not null,
    content_type text not null check (content_type in ('application/pdf', 'image/jpeg', 'image/png')),
    bytes integer not null check (bytes > 0),
    sha256 text not null,
    added_at integer not null,
    primary key (organisation_id, form_id, number),
    foreign key (organisation_id, form_id) references claim_forms
);

create table receipt_chunks (
    organisation_id text not null,
    form_id text not null,
    number integer not null,
    chunk integer not null,
    data blob not null,
    primary key (organisation_id, form_id, number, chunk),
    foreign key (organisation_id, form_id, number) references receipts on delete cascade
);

create trigger organisation_settings_are_not_changed before update on organisation_settings begin select raise(abort, 'organisation_settings are append-only'); end;
create trigger organisation_settings_are_not_deleted before delete on organisation_settings begin select raise(abort, 'organisation_settings are append-only'); end;
create trigger organisation_settings_are_not_replaced before insert on organisation_settings
when exists (select 1 from organisation_settings e where e.organisation_id = new.organisation_id and e.topic = new.topic and e.version = new.version)
begin select raise(abort, 'organisation_settings are append-only'); end;

create trigger declaration_acknowledgements_are_not_changed before update on declaration_acknowledgements begin select raise(abort, 'declaration_acknowledgements are append-only'); end;
create trigger declaration_acknowledgements_are_not_deleted before delete on declaration_acknowledgements begin select raise(abort, 'declaration_acknowledgements are append-only'); end;
create trigger declaration_acknowledgements_are_not_replaced before insert on declaration_acknowledgements
when exists (select 1 from declaration_acknowledgements e where e.organisation_id = new.organisation_id and e.number = new.number)
begin select raise(abort, 'declaration_acknowledgements are append-only'); end;

create trigger declaration_withdrawals_are_not_changed before update on declaration_withdrawals begin select raise(abort, 'declaration_withdrawals are append-only'); end;
create trigger declaration_withdrawals_are_not_deleted before delete on declaration_withdrawals begin select raise(abort, 'declaration_withdrawals are append-only'); end;
create trigger declaration_withdrawals_are_not_replaced before insert on declaration_withdrawals
when exists (select 1 from declaration_withdrawals e where e.organisation_id = new.organisation_id and e.number = new.number)
begin select raise(abort, 'declaration_withdrawals are append-only'); end;

create trigger claim_acknowledgements_are_not_changed before update on claim_acknowledgements begin select raise(abort, 'claim_acknowledgements are append-only'); end;
create trigger claim_acknowledgements_are_not_deleted before delete on claim_acknowledgements begin select raise(abort, 'claim_acknowledgements are append-only'); end;

create trigger claim_forms_are_not_deleted before delete on claim_forms begin select raise(abort, 'claim_forms are never deleted'); end;
-- An approved form is opened again only by the withdrawal of what it rests on.
create trigger decided_claim_forms_are_not_changed before update on claim_forms when old.state = 'discarded' or (old.state = 'approved' and new.state <> 'sent_back')
begin select raise(abort, 'approved and discarded claim_forms are not changed'); end;

-- What somebody decided about is what they saw.
create trigger receipts_of_submitted_forms_stay before delete on receipts
when exists (select 1 from claim_forms f where f.organisation_id = old.organisation_id and f.form_id = old.form_id and f.state not in ('draft', 'sent_back'))
begin select raise(abort, 'receipts of a submitted claim stay'); end;
create trigger receipts_are_not_changed before update on receipts begin select raise(abort, 'receipts are not changed'); end;
create trigger receipt_chunks_are_not_changed before update on receipt_chunks begin select raise(abort, 'receipts are not changed'); end;
