-- Plain rows for SQL clients: charts, maps, spreadsheets. Amounts are in the
-- point's unit. A missing value is null, never 0. All views give the rights of
-- whoever asks, and all have day, by which the partitions are chosen: a query
-- without a predicate on day reads everything.

create function quality_name(quality int) returns text
language sql immutable parallel safe
return (array['missing', 'measured', 'distributed', 'calculated', 'substitute', 'declared', 'suspect'])[quality + 1];
comment on function quality_name is 'the word for a quality by its number (energy.Quality)';

create function adds_up(unit text) returns boolean
language sql immutable parallel safe
return unit in ('kWh', 'm³', 'l', 'm³·°C');
comment on function adds_up is 'true for units of amounts, which are summed; false for those of levels, which are averaged over time';

-- day.q has a byte a quarter-hour, or one for all, then two bytes for each
-- quarter-hour that is covered in part.
create function quarter_covered_s(q bytea, n int, i int) returns int
language sql immutable parallel safe
return case get_byte(q, case when length(q) = 1 then 0 else i - 1 end) >> 4 & 3
    when 0 then 0
    when 1 then 900
    else (
        select get_byte(q, n + 2 * before) * 256 + get_byte(q, n + 2 * before + 1)
        from (select count(*)::int as before from generate_series(0, i - 2) j where get_byte(q, j) >> 4 & 3 = 2) as parts
    )
end;
comment on function quarter_covered_s is 'seconds of the i-th of n quarter-hours (from 1) that were measured at their own time';

create view quarter_hour with (security_invoker = true) as
select s.id as site, p.id as point, p.quantity, p.unit, d.day,
    d.from_at + (i - 1) * interval '15 minutes' as from_at,
    d.from_at + i * interval '15 minutes' as to_at,
    case when quality <> 0 then trim_scale(d.v[i] * 10::numeric ^ -p.digits) end as value,
    quality_name(quality) as quality,
    quarter_covered_s(d.q, cardinality(d.v), i) as covered_s
from day d
join point p on p.site_id = d.site_id and p.point_no = d.point_no
join site s on s.site_id = d.site_id
cross join lateral generate_series(1, cardinality(d.v)) as i
cross join lateral (select get_byte(d.q, case when length(d.q) = 1 then 0 else i - 1 end) & 15) as b (quality);
comment on view quarter_hour is 'Quarter-hours: the amount of each (energy, volume) or its time mean (power, temperature).';

create view hour with (security_invoker = true) as
select site, point, quantity, unit, day, date_trunc('hour', from_at) as from_at, date_trunc('hour', from_at) + interval '1 hour' as to_at,
    case when adds_up(unit) then sum(value)
        else trim_scale(round(sum(value * covered_s) / nullif(sum(covered_s) filter (where value is not null), 0), 6)) end as value,
    sum(covered_s)::int as covered_s,
    (count(*) filter (where value is null))::int as missing
from quarter_hour
group by site, point, quantity, unit, day, date_trunc('hour', from_at);
comment on view hour is 'Hours: the sum of the known quarter-hours of an amount, the mean of a level over the seconds measured; missing says how many quarter-hours are not known.';

create view day_value with (security_invoker = true) as
select s.id as site, p.id as point, p.quantity, p.unit, d.day, d.from_at, d.to_at,
    case when adds_up(p.unit) then trim_scale(d.total * 10::numeric ^ -p.digits)
        else trim_scale(round(d.weighted * 10::numeric ^ -p.digits / nullif(d.covered_s, 0), 6)) end as value,
    trim_scale(d.substitute * 10::numeric ^ -p.digits) as substitute,
    trim_scale(d.lo * 10::numeric ^ -p.digits) as lowest,
    trim_scale(d.hi * 10::numeric ^ -p.digits) as highest,
    d.covered_s, extract(epoch from d.to_at - d.from_at)::int as expected_s, d.seq
from day d
join point p on p.site_id = d.site_id and p.point_no = d.point_no
join site s on s.site_id = d.site_id;
comment on view day_value is 'Local days: the sum of an amount or the mean of a level, with the seconds measured of those there are.';

create view month with (security_invoker = true) as
select s.id as site, p.id as point, p.quantity, p.unit, date_trunc('month', d.day::timestamp)::date as month,
    min(d.day) as first_day, max(d.day) as last_day,
    case when adds_up(p.unit) then trim_scale(sum(d.total) * 10::numeric ^ -p.digits)
        else trim_scale(round(sum(d.weighted) * 10::numeric ^ -p.digits / nullif(sum(d.covered_s), 0), 6)) end as value,
    trim_scale(sum(d.substitute) * 10::numeric ^ -p.digits) as substitute,
    sum(d.covered_s)::int as covered_s, sum(extract(epoch from d.to_at - d.from_at))::int as expected_s
from day d
join point p on p.site_id = d.site_id and p.point_no = d.point_no
join site s on s.site_id = d.site_id
group by s.id, p.id, p.quantity, p.unit, p.digits, date_trunc('month', d.day::timestamp);
comment on view month is 'Local months: the sum or mean of the days there are, from first_day to last_day.';

create function quarter_hours(site_id text, point_id text, from_time timestamptz, to_time timestamptz) returns setof quarter_hour
language sql stable parallel safe
begin atomic
    select q.* from quarter_hour q
    where q.site = quarter_hours.site_id and q.point = quarter_hours.point_id
    and q.day >= (from_time at time zone 'UTC')::date - 1 and q.day <= (to_time at time zone 'UTC')::date + 1
    and q.from_at >= from_time and q.from_at < to_time
    order by q.from_at;
end;
comment on function quarter_hours is 'The quarter-hours of a point that begin in a range of time: quarter_hours(''hafen'', ''hafen/grid'', ''2025-01-01Z'', ''2025-02-01Z'')';
