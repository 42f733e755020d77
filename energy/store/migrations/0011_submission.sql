-- Files that were handed in, and what became of them. The readings in them are
-- facts of their sites; so is each step of a submission (entries of kind
-- submission). Here stands what belongs to no single site, and what was looked
-- at but never handed in.

create table file (
    digest bytea primary key,
    size   int8        not null,
    at     timestamptz not null
);
comment on table file is 'A file as it came, kept by its digest as evidence. It is never changed, run or shown inline.';
comment on column file.digest is 'SHA-256 of its bytes';

create table file_part (
    digest bytea,
    part   int,
    body   bytea not null,
    primary key (digest, part)
);
alter table file_part alter body set storage external;
comment on column file_part.body is 'up to a MiB of the file, by zstd';

create sequence submission_number;

create table submission (
    id         text primary key,
    number     int8 unique,
    at         timestamptz not null,
    handed_at  timestamptz,
    source     text        not null,
    sites      text[]      not null,
    state      text        not null,
    name       text        not null,
    form       text        not null,
    digest     bytea       not null,
    key        bytea       not null,
    request    jsonb       not null,
    report     bytea       not null,
    receipt    jsonb
) with (fillfactor = 70);
create unique index submission_once on submission (source, key) where number is not null;
create index submission_same on submission (digest) where number is not null;
create index submission_at on submission (at);
comment on table submission is 'What somebody handed in as a file, or only had looked at (number is null).';
comment on column submission.id is '128 random bits';
comment on column submission.number is 'of the receipt; null: it was not handed in';
comment on column submission.source is 'who handed it in';
comment on column submission.sites is 'ids of the sites that its rows are of';
comment on column submission.state is 'draft, received, checked, asked_back, accepted, withdrawn: the latest step';
comment on column submission.name is 'what the file was called';
comment on column submission.digest is 'of the file';
comment on column submission.key is 'SHA-256 of the file and of how it is meant: mapping, correction, interval';
comment on column submission.request is 'how it is meant';
comment on column submission.report is 'what the rules said, by zstd (JSON of energy/submission)';
comment on column submission.receipt is 'what came of it';
