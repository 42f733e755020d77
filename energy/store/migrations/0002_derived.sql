-- Derived: computed from facts, by local day, and computed again whenever a
-- fact touches them. Nothing here is a source.

create table span (
    site_id  int,
    point_no int,
    from_at  timestamptz,
    to_at    timestamptz,
    amount   int8 not null,
    cause    text not null,
    quality  int2 not null,
    seq      int8 not null,
    primary key (site_id, point_no, from_at, to_at)
);
comment on table span is 'Amounts without a profile: the energy across a gap, a monthly invoice.';
comment on column span.amount is '10^-digits of the point''s unit: mWh, ml';
comment on column span.seq is 'the fact up to which it was computed';

create table day (
    site_id    int,
    point_no   int,
    day        date,
    from_at    timestamptz not null,
    to_at      timestamptz not null,
    seq        int8        not null,
    method     int2        not null,
    v          int8[]      not null,
    q          bytea       not null,
    total      int8        not null,
    weighted   int8        not null,
    covered_s  int         not null,
    substitute int8        not null,
    lo         int8        not null,
    hi         int8        not null,
    primary key (site_id, point_no, day)
) partition by range (day);
comment on table day is 'One point''s local calendar day in quarter-hours, usually 92, 96 or 100. A partition per year is made when its first row comes.';
comment on column day.from_at is 'the instant at which the local day begins; quarter-hours are aligned to UTC';
comment on column day.seq is 'the fact up to which it was computed when it last changed';
comment on column day.v is 'amount of each quarter-hour (energy, volume) or its time mean (power, temperature), in 10^-digits of the point''s unit; 0 where q says missing';
comment on column day.q is 'quality and covered seconds of each quarter-hour (energy/store/quality.go)';
comment on column day.total is 'the sum of v for energies and volumes, else 0';
comment on column day.weighted is 'the sum of v times covered seconds for powers and temperatures, else 0';
comment on column day.covered_s is 'seconds measured at their own time';
comment on column day.substitute is 'the part of total that is not known to belong to this day';
comment on column day.lo is 'least of v that is not missing, 0 when all are';
comment on column day.hi is 'greatest of v that is not missing, 0 when all are';

create table balance (
    site_id    int,
    grain      "char",
    period     date,
    role       int2,
    category   int2,
    amount     int8 not null,
    substitute int8 not null,
    covered_s  int8 not null,
    energy_s   int8 not null,
    expected_s int8 not null,
    seq        int8 not null,
    primary key (site_id, grain, period, role, category)
) with (fillfactor = 50);
comment on table balance is 'Sums of a site by role and category, from which figures are computed.';
comment on column balance.grain is 'd a local day, m a local month';
comment on column balance.period is 'the day, or the first of the month';
comment on column balance.role is 'position in energy.Roles, from 1; from 1001 the sides of paired figures (energy/kpi/balance.go)';
comment on column balance.amount is '10^-digits of the role''s unit: mWh, ml';
comment on column balance.covered_s is 'seconds measured at their own time, of expected_s';
comment on column balance.energy_s is 'seconds whose energy is known or spread across a gap, of expected_s';
