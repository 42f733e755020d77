-- Tokens by which programs identify themselves. A local table: it belongs to
-- no site, and holds no name of a person unless somebody writes one into name.

create table token (
    token_id   int primary key generated always as identity,
    hash       bytea       not null unique,
    name       text        not null,
    role       text        not null,
    sites      text[]      not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    used_at    timestamptz
) with (fillfactor = 50);
comment on column token.hash is 'SHA-256 of the token; the token itself is shown once and kept nowhere';
comment on column token.sites is 'ids of the sites it is for; empty: all';
comment on column token.used_at is 'last use, to the minute';
