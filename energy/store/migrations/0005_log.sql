-- The public ledger: an append-only Merkle log of what is known (energy/proof).
-- Local tables, of one writer.

create table log_leaf (
    n       int8 primary key,
    at      timestamptz not null,
    kind    text        not null,
    site_id int,
    seq     int8,
    item    text,
    hash    bytea       not null,
    body    text,
    salt    bytea
);
comment on table log_leaf is 'The records of the log, from 0. They are never changed; only a record of kind sealing gives up its body to the next one of its site.';
comment on column log_leaf.site_id is 'the site it speaks of; null: none';
comment on column log_leaf.seq is 'the fact it speaks of, or up to which it speaks';
comment on column log_leaf.item is 'the chunk or block it speaks of';
comment on column log_leaf.hash is 'SHA-256 of a zero byte and the body (RFC 6962)';
comment on column log_leaf.salt is 'of the digests in a record of kind fact that are not of a row with a nonce of its own';
create index log_leaf_fact on log_leaf (site_id, seq) where kind = 'fact';
create index log_leaf_last on log_leaf (site_id, kind, n) where kind in ('start', 'chain', 'sealing');
create index log_leaf_item on log_leaf (site_id, item) where item is not null;

create table log_hash (
    block  int8 primary key,
    hashes bytea not null
);
alter table log_hash alter hashes set storage external;
comment on table log_hash is 'The hashes of the tree, 256 a row, in the order of golang.org/x/mod/sumdb/tlog (StoredHashIndex).';

create table checkpoint (
    size int8 primary key,
    at   timestamptz not null,
    note text        not null
);
comment on table checkpoint is 'Every signed state of the log, by its number of records.';

create table log_queue (
    queued int8 primary key generated always as identity,
    kind    text not null,
    site_id int,
    seq     int8,
    item    text,
    body    text not null,
    salt    bytea
);
comment on table log_queue is 'What waits to be logged, written with what it speaks of. Of kind turn: what sealing did, to be gathered into a record of kind sealing.';

-- What a fact says, line by line, until its instant is packed; and the chain.
alter table fact add chain bytea, add salt bytea, add lines text;
comment on column fact.chain is 'the site''s chain of hashes after the fact; null: it is older than the log';
comment on column fact.lines is 'what the fact says: for each row its key and its digest';
alter table fact_block add chain bytea;
comment on column fact_block.chain is 'the site''s chain of hashes after the last fact of the block';

alter table entry drop column leaf;
comment on column entry.nonce is 'salt of its digest, which stands in the record of its fact';
alter table correction drop column leaf;
comment on column correction.nonce is 'salt of its digest, which stands in the record of its fact';
alter table chunk add closed boolean not null default false;
create index chunk_open on chunk (site_id) where not closed and part < 0;
comment on column chunk.leaf is 'digest of what it says (energy/proof); null: it is older than the log';
comment on column chunk.nonce is 'salt of the digest; null: its content was deleted under a retention policy';
comment on column chunk.closed is 'it is complete and never changed again; what comes later is a further part';

comment on column site_head.chain is 'SHA-256 over the chain before, the fact number, its instant and what it says (energy/proof)';

-- A site that has facts already: the log begins after them.
insert into log_queue (kind, site_id, seq, body)
select 'start', h.site_id, h.seq, 'heatledger start 1' || E'\nsite ' || s.id || E'\nfact ' || h.seq || E'\nchain ' || encode(h.chain, 'hex') || E'\n'
from site_head h join site s on s.site_id = h.site_id where h.seq > 0 order by h.site_id;
