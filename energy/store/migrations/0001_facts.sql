-- Facts: what is known, appended and never changed (only moved from segment
-- and fact into the denser chunk and fact_block).
--
-- site_id leads every key that grows. No triggers, no foreign keys: a row finds
-- its site, point or source by number, and numbers are never used twice.

create table site (
    site_id int primary key generated always as identity,
    id      text not null unique
);
comment on table site is 'The sites by number. Number 0, with the empty id, is the municipality itself: facts that belong to no site.';
insert into site (site_id, id) overriding system value values (0, '');

create table source (
    source_id int primary key generated always as identity,
    name      text not null unique
);
comment on table source is 'Who delivers readings. The rank stands with the readings: a rank that changes later must not change what was known before.';

create table meter (
    site_id  int,
    meter_no int,
    id       text not null,
    primary key (site_id, meter_no),
    unique (site_id, id)
);
comment on table meter is 'The meters of a site by number, from 1.';

create table point (
    site_id    int,
    point_no   int,
    id         text   not null,
    meters     int[]  not null default '{0}',
    quantity   text   not null default '',
    unit       text   not null default '',
    digits     int2   not null default 0,
    series     text   not null default '',
    cadence_ms int8,
    reach_s    int8   not null default 0,
    primary key (site_id, point_no),
    unique (site_id, id)
);
comment on table point is 'The points of a site by number, from 1. A point that readings mention before the registry does has no quantity yet.';
comment on column point.id is 'the full id, SITE/NAME';
comment on column point.meters is 'numbers of all meters under which segments of the point may stand, the last is the present one; 0: none known';
comment on column point.unit is 'the canonical unit of the quantity; derived integers are 10^-digits of it';
comment on column point.cadence_ms is 'milliseconds between two readings, the median of the latest sealing that saw enough of them';
comment on column point.reach_s is 'seconds from from_at to to_at of the longest chunk of the point: how far back from an instant a chunk that holds it may begin';

create table site_head (
    site_id     int primary key,
    seq         int8        not null,
    recorded_at timestamptz not null,
    chain       bytea       not null
) with (fillfactor = 50);
comment on table site_head is 'The latest fact of each site. Whoever appends holds the lock on the row.';
comment on column site_head.recorded_at is 'no later fact is recorded at or before this instant, in whole milliseconds';
comment on column site_head.chain is 'SHA-256 over the chain before, the fact number, its instant and what it says';

create table site_cursor (
    site_id int,
    job     text,
    seq     int8 not null,
    primary key (site_id, job)
) with (fillfactor = 50);
comment on column site_cursor.seq is 'the fact up to which the job (closing, sealing, ...) is done';

-- S(T), the last fact recorded at or before T, must stay exact for ever: a row
-- per fact at first, packed by sealing into blocks of a few bytes per fact.
create table fact (
    site_id     int,
    recorded_at timestamptz,
    seq         int8 not null,
    primary key (site_id, recorded_at)
);
create table fact_block (
    site_id   int,
    first_at  timestamptz,
    last_at   timestamptz not null,
    first_seq int8        not null,
    last_seq  int8        not null,
    body      bytea       not null,
    primary key (site_id, first_at)
);
comment on column fact_block.body is 'milliseconds from each fact to the next, as unsigned varints, beginning with first_at';

create table source_position (
    site_id   int,
    source_id int,
    epoch     uuid,
    lane      int2,
    upto      int8  not null,
    digests   bytea not null,
    primary key (site_id, source_id, epoch, lane)
) with (fillfactor = 50);
comment on column source_position.lane is '1 live, 2 backlog';
comment on column source_position.upto is 'every sequence up to this one is a fact';
comment on column source_position.digests is 'SHA-256 of the last sequences, at most 32, the last one of sequence upto';

create table entry (
    site_id     int,
    seq         int8,
    part        int2,
    recorded_at timestamptz not null,
    kind        text        not null,
    id          text        not null,
    valid_from  timestamptz not null,
    actor       text        not null,
    leaf        bytea,
    nonce       bytea,
    body        jsonb       not null,
    primary key (site_id, seq, part)
);
comment on table entry is 'Facts that are no readings: versions of registry entries, events, decisions. One fact may hold several (part).';
comment on column entry.valid_from is 'from when on it holds; versions are ordered by (valid_from, seq)';

create table segment (
    site_id     int,
    seq         int8,
    meter_no    int,
    part        int2,
    from_at     timestamptz not null,
    to_at       timestamptz not null,
    recorded_at timestamptz not null,
    source_id   int         not null,
    rank        int2        not null,
    points      int[]       not null,
    body        bytea       not null,
    primary key (site_id, seq, meter_no, part)
);
alter table segment alter body set storage external;
create index segment_time on segment (site_id, meter_no, to_at, from_at);
comment on table segment is 'Readings as they came: those of one fact and one meter, until they are sealed into chunks.';
comment on column segment.part is 'from 0: a fact may have several sources for a meter, and a body is kept below about a megabyte';
comment on column segment.to_at is 'the end of the last interval, or a microsecond after the last instant';
comment on column segment.points is 'numbers of the points in body: who wants another point need not fetch it';
comment on column segment.body is 'a block of readings for each point (energy/store/body.go, energy/series/codec.go)';

-- A correction stays a row of its own for ever and is found by the interval it
-- replaces. Copies of it in every chunk it touches would have to be written
-- into years of closed chunks, and one that touches no chunk had no place.
create table correction (
    site_id     int,
    point_no    int,
    seq         int8,
    part        int2,
    from_at     timestamptz not null,
    to_at       timestamptz not null,
    recorded_at timestamptz not null,
    source_id   int         not null,
    rank        int2        not null,
    reason      text        not null,
    leaf        bytea,
    nonce       bytea,
    body        bytea       not null,
    primary key (site_id, point_no, seq, part)
);
create index correction_seq on correction (site_id, seq);
comment on table correction is 'Readings that replace all readings of lower seq of the point in [from_at, to_at); without any it is a withdrawal.';

create table chunk (
    site_id   int,
    point_no  int,
    from_at   timestamptz,
    part      int,
    cut       "char"      not null,
    first_at  timestamptz not null,
    to_at     timestamptz not null,
    first_seq int8        not null,
    last_seq  int8        not null,
    readings  int         not null,
    leaf      bytea,
    nonce     bytea,
    body      bytea       not null,
    primary key (site_id, point_no, from_at, part)
) partition by range (from_at);
alter table chunk alter body set storage external;
create index chunk_seq on chunk (site_id, last_seq);
comment on table chunk is 'Readings of one point in one day, month or year of UTC, with the fact each belongs to. A partition per year is made when its first row comes; without a default partition that needs no lock against readers and writers.';
comment on column chunk.part is 'negative: sealed from segments, -1 first, -2 for what came when the one before was closed; from 0: written by an import';
comment on column chunk.cut is 'd, m or y: the window is a day, month or year of UTC';
comment on column chunk.from_at is 'the beginning of the window it belongs to';
comment on column chunk.first_at is 'the instant of the first reading';
comment on column chunk.to_at is 'the end of the last interval, or a microsecond after the last instant';
comment on column chunk.leaf is 'hash in the public ledger; a chunk that has one is never changed';
comment on column chunk.body is 'runs, visible and hidden (energy/series/runs.go)';
