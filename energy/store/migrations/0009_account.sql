-- Who may do what. Local tables: they belong to no site. What is known of people
-- stands in person and in session alone; everything else names accounts by number.

create table account (
    account_id  int primary key generated always as identity,
    handle      bytea       not null unique,
    created_at  timestamptz not null,
    disabled_at timestamptz
);
comment on column account.handle is '32 random bytes by which passkeys name the account';
comment on column account.disabled_at is 'since when nobody signs in with it; null: it is in use';

create table person (
    account_id int primary key references account,
    login      text  not null unique check (login = lower(login) and login <> ''),
    name       text  not null,
    mail       text  not null,
    language   text  not null,
    salt       bytea not null
);
comment on table person is 'The contact people, and all that is known of them. A row is deleted when it is to be forgotten; facts name the account by number.';
comment on column person.salt is 'of the digests by which facts speak of the person; with it they can be checked, without it they say nothing';

create table credential (
    credential_id int primary key generated always as identity,
    account_id    int         not null references account,
    kind          text        not null check (kind in ('password', 'totp', 'passkey', 'oidc')),
    key           bytea       not null,
    name          text        not null,
    secret        text        not null,
    step          int8        not null default 0,
    created_at    timestamptz not null,
    used_at       timestamptz
) with (fillfactor = 50);
comment on column credential.key is 'of a passkey its id, of oidc the SHA-256 of issuer and subject; of the others the account''s handle: there is one';
comment on column credential.secret is 'of a password its argon2id hash as a PHC string; of totp the shared secret, sealed with the key in the data directory; of a passkey its public part as JSON; of oidc nothing';
comment on column credential.step is 'of totp the last time step whose code was used: none is used twice';
create unique index credential_key on credential (kind, key);
create index credential_account on credential (account_id);

create table recovery_code (
    account_id int   not null references account,
    hash       bytea not null,
    used_at    timestamptz,
    primary key (account_id, hash)
);
comment on column recovery_code.hash is 'SHA-256 of the code, which carries 80 random bits and is shown once';

create table access_code (
    hash       bytea primary key,
    account_id int         not null references account,
    kind       text        not null check (kind in ('invitation', 'reset')),
    created_by text        not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at    timestamptz
);
comment on table access_code is 'Codes of invitations and resets, in a link or a printed letter. Each is good once.';
comment on column access_code.hash is 'SHA-256 of the code; it carries 120 random bits';
create index access_code_account on access_code (account_id);

create table session (
    session_id  int primary key generated always as identity,
    hash        bytea       not null unique,
    account_id  int         not null references account,
    stage       text        not null check (stage in ('half', 'whole')),
    way         text        not null,
    address     text        not null,
    agent       text        not null,
    created_at  timestamptz not null,
    proved_at   timestamptz not null,
    seen_at     timestamptz not null,
    expires_at  timestamptz not null,
    ended_at    timestamptz
) with (fillfactor = 50);
comment on column session.hash is 'SHA-256 of the 32 random bytes in the cookie';
comment on column session.stage is 'half: the password was right and the second factor is still asked for';
comment on column session.way is 'how it was signed in: password, password+totp, password+recovery, passkey, oidc, code';
comment on column session.address is 'from where, shortened to the network (/24, /48)';
comment on column session.proved_at is 'when the person last proved who it is';
comment on column session.seen_at is 'last use, to the minute';
create index session_account on session (account_id, seen_at);

create table account_grant (
    grant_id     int primary key generated always as identity,
    account_id   int         not null references account,
    role         text        not null,
    permissions text[]      not null,
    everywhere   boolean     not null,
    sites        text[]      not null,
    points       text[]      not null,
    from_at      timestamptz,
    to_at        timestamptz,
    granted_by   text        not null,
    on_behalf_of text        not null,
    created_at   timestamptz not null,
    revoked_at   timestamptz
);
comment on column account_grant.permissions is 'the permissions of the role it is narrowed to; empty: all';
comment on column account_grant.on_behalf_of is 'the operator for whom a consultant acts; empty: for oneself';
create index account_grant_account on account_grant (account_id);

create table operator_rule (
    operator  text primary key,
    four_eyes boolean not null
);
comment on column operator_rule.four_eyes is 'what one person of the operator submits another approves';

alter table token add everywhere boolean, add points text[] not null default '{}', add permissions text[] not null default '{}',
    add created_by text not null default '', add revoked_at timestamptz;
update token set everywhere = sites = '{}';
alter table token alter everywhere set not null;
comment on column token.sites is 'ids of the sites it is for; empty: see everywhere and points';
comment on column token.permissions is 'the permissions of its role it is narrowed to; empty: all';
