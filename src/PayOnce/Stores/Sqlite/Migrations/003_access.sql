-- Who may do what: users, their roles, sessions, tokens, sign-in providers, keys.
-- Tables without organisation_id belong to the installation.

-- email_key: the address in lower case, by the program.
create table users (
    user_id text not null check (user_id <> ''),
    email text not null,
    email_key text not null unique,
    name text not null,
    language text check (language in ('nb', 'en')),
    live_updates integer not null check (live_updates in (0, 1)),
    operator integer not null check (operator in (0, 1)),
    disabled integer not null check (disabled in (0, 1)),
    created_at integer not null,
    last_signed_in_at integer,
    primary key (user_id)
) without rowid;

-- Apart from the users, so that who lists an organisation's members reads nothing of it.
create table user_credentials (
    user_id text not null references users,
    password_hash text,
    security_stamp text not null,
    failed_sign_ins integer not null default 0 check (failed_sign_ins >= 0),
    locked_until integer,
    primary key (user_id)
) without rowid;

create table sessions (
    session_sha256 text not null,
    user_id text not null references users,
    only_organisation text references organisations,
    client text,
    created_at integer not null,
    last_seen_at integer not null,
    ends_at integer not null,
    ended_at integer,
    primary key (session_sha256)
) without rowid;

create index sessions_of_user on sessions (user_id);

create table memberships (
    organisation_id text not null references organisations,
    user_id text not null references users,
    role text not null check (role in ('administrator', 'coordinator', 'auditor', 'claimant')),
    claimant_id text,
    since integer not null,
    primary key (organisation_id, user_id),
    unique (organisation_id, claimant_id),
    check (role <> 'claimant' or claimant_id is not null)
) without rowid;

create index memberships_of_user on memberships (user_id);

create table one_time_links (
    link_sha256 text not null,
    purpose text not null check (purpose in ('first_administrator', 'invitation', 'password_reset')),
    email text,
    email_key text,
    user_id text references users,
    organisation_id text references organisations,
    role text check (role in ('administrator', 'coordinator', 'auditor', 'claimant')),
    claimant_id text,
    created_by text not null,
    created_at integer not null,
    expires_at integer not null,
    ended_at integer,
    primary key (link_sha256),
    check ((purpose = 'invitation') = (organisation_id is not null)),
    check ((purpose = 'invitation') = (email is not null and email_key is not null and role is not null)),
    check ((purpose = 'password_reset') = (user_id is not null)),
    check (role <> 'claimant' or claimant_id is not null)
) without rowid;

-- Of each kind one counts.
create unique index one_first_administrator on one_time_links (purpose) where purpose = 'first_administrator' and ended_at is null;
create unique index one_invitation on one_time_links (organisation_id, email_key) where purpose = 'invitation' and ended_at is null;
create unique index one_password_reset on one_time_links (user_id) where purpose = 'password_reset' and ended_at is null;

create table api_tokens (
    organisation_id text not null references organisations,
    token_id text not null check (token_id <> ''),
    name text not null,
    sha256 text not null,
    permissions text not null check (permissions <> ''),
    created_by text not null,
    created_at integer not null,
    expires_at integer not null,
    last_used_at integer,
    revoked_at integer,
    revoked_by text,
    primary key (organisation_id, token_id)
) without rowid;

create unique index api_tokens_name on api_tokens (organisation_id, name) where revoked_at is null;
create index api_tokens_by_id on api_tokens (token_id);

-- version: the number of the audit event that tells of the change.
create table sign_in_providers (
    organisation_id text not null references organisations,
    name text not null,
    issuer text not null,
    authorization_endpoint text not null,
    token_endpoint text not null,
    user_info_endpoint text not null,
    client_id text not null,
    scopes text not null,
    secret_name text,
    version integer not null,
    primary key (organisation_id)
) without rowid;

-- The organisation belongs to the key: whoever sets up its provider decides what the provider says, and must reach nobody by it
-- who did not link himself to this very organisation.
create table external_identities (
    organisation_id text not null references organisations,
    issuer text not null,
    subject text not null,
    user_id text not null references users,
    linked_at integer not null,
    primary key (organisation_id, issuer, subject)
) without rowid;

create index external_identities_of_user on external_identities (user_id);

-- Encrypted by the program, whose master key is not in this file.
create table data_protection_keys (
    key_id text not null,
    xml text not null,
    created_at integer not null,
    primary key (key_id)
);

create table installation_settings (
    key text not null,
    value text not null,
    version integer not null check (version > 0),
    changed_at integer not null,
    changed_by text not null,
    primary key (key)
) without rowid;
