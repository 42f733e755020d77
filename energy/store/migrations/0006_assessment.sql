-- Judgements that were issued. They are facts: stored for ever, never changed,
-- answered as issued, and covered by the record of their fact in the log.

create table assessment (
    site_id     int,
    seq         int8,
    part        int2,
    recorded_at timestamptz not null,
    known_at    timestamptz not null,
    rests_on    int8        not null,
    on_date     date        not null,
    commitment  text        not null,
    rule        text        not null,
    period      text        not null,
    method      text        not null,
    actor       text        not null,
    reason      text        not null,
    nonce       bytea       not null,
    digest      bytea       not null,
    prose       bytea       not null,
    body        bytea       not null,
    primary key (site_id, seq, part)
);
create index assessment_of on assessment (site_id, commitment, rule, period, seq);
comment on table assessment is 'Judgements that were issued, in the form in which they were.';
comment on column assessment.known_at is 'what was known at this instant is judged, of the site and of the municipality';
comment on column assessment.rests_on is 'the latest fact of the site that was known at known_at';
comment on column assessment.on_date is 'the day of the judgement, in the site''s zone';
comment on column assessment.method is 'versions of the methods by which it was judged and its figures were computed';
comment on column assessment.actor is 'who issued it';
comment on column assessment.nonce is 'salt of its digest in the record of its fact';
comment on column assessment.digest is 'SHA-256 of body';
comment on column assessment.prose is 'citation and interpretation as they were shown then (JSON); no part of body';
comment on column assessment.body is 'the canonical form (energy/commitment)';
