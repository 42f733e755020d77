-- The second wall: what is read on behalf of somebody who asks over the web is
-- read under a role of its own, which reaches only what he may see, whatever the
-- program asks for. The first wall is the program's (energy/access).
--
-- Row security is on for every table. Only the owner is beyond it: intake,
-- closing, sealing, the log and the commands work as the owner. Whoever else is
-- given a table sees of it what the settings heatledger.* of his session reach:
-- energy/store/wall.go sets them, and an administrator may for a role of his own,
--     alter role grafana set heatledger.everywhere = 'on';
-- Without them nothing is reached.

create function reaches_everywhere() returns boolean language sql stable parallel safe
return coalesce(current_setting('heatledger.everywhere', true), '') = 'on';
comment on function reaches_everywhere is 'all sites, and what belongs to none';

create function reached_sites() returns int[] language sql stable parallel safe
return nullif(current_setting('heatledger.sites', true), '')::int[];
comment on function reached_sites is 'numbers of the sites that are reached as a whole';

create function reached_site_ids() returns text[] language sql stable parallel safe
return nullif(current_setting('heatledger.site_ids', true), '')::text[];
comment on function reached_site_ids is 'ids of the sites that are reached as a whole';

create function reached_points() returns int8[] language sql stable parallel safe
return nullif(current_setting('heatledger.points', true), '')::int8[];
comment on function reached_points is 'single points that are reached, each as site_id * 2^32 + point_no';

create function touched_sites() returns int[] language sql stable parallel safe
return nullif(current_setting('heatledger.touched', true), '')::int[];
comment on function touched_sites is 'numbers of the sites of which anything is reached, and 0';

create function reached_papers() returns text[] language sql stable parallel safe
return nullif(current_setting('heatledger.papers', true), '')::text[];
comment on function reached_papers is 'entries that are reached though not all of their site is: number of the site, kind and id. All versions of an entry or none, for of some of them the wrong one would seem to hold';

create function asks_as() returns text language sql stable parallel safe
return nullif(current_setting('heatledger.actor', true), '');
comment on function asks_as is 'who asks, as facts name him; null: nobody known';

-- Each function stands in a sub-select: so it is asked once a statement, not once
-- a row. The predicates leave every index and partition to be chosen as before.

alter table site enable row level security;
create policy reach on site for select using ((select reaches_everywhere()) or site_id = any ((select touched_sites())::int[]));

alter table site_head enable row level security;
create policy reach on site_head for select using ((select reaches_everywhere()) or site_id = any ((select touched_sites())::int[]));
alter table site_cursor enable row level security;
create policy reach on site_cursor for select using ((select reaches_everywhere()) or site_id = any ((select touched_sites())::int[]));
alter table fact enable row level security;
create policy reach on fact for select using ((select reaches_everywhere()) or site_id = any ((select touched_sites())::int[]));
alter table fact_block enable row level security;
create policy reach on fact_block for select using ((select reaches_everywhere()) or site_id = any ((select touched_sites())::int[]));

alter table point enable row level security;
create policy reach on point for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or (site_id::int8 << 32) + point_no = any ((select reached_points())::int8[]));
alter table correction enable row level security;
create policy reach on correction for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or (site_id::int8 << 32) + point_no = any ((select reached_points())::int8[]));
alter table chunk enable row level security;
create policy reach on chunk for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or (site_id::int8 << 32) + point_no = any ((select reached_points())::int8[]));
alter table span enable row level security;
create policy reach on span for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or (site_id::int8 << 32) + point_no = any ((select reached_points())::int8[]));
alter table day enable row level security;
create policy reach on day for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or (site_id::int8 << 32) + point_no = any ((select reached_points())::int8[]));

alter table meter enable row level security;
create policy reach on meter for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or exists (select from point p where p.site_id = meter.site_id and meter.meter_no = any (p.meters)));

-- A segment holds all points of a meter: whoever reaches one of them reaches it
-- until sealing sets them apart, and the program takes out of it what is asked for.
alter table segment enable row level security;
create policy reach on segment for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or exists (select from unnest(points) as p (no) where (site_id::int8 << 32) + p.no = any ((select reached_points())::int8[])));

alter table balance enable row level security;
create policy reach on balance for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[]));
alter table assessment enable row level security;
create policy reach on assessment for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[]));
alter table questionnaire_draft enable row level security;
create policy reach on questionnaire_draft for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[]));

-- What was handed in is seen by whoever did, and by whoever sees all its sites.
alter table submission enable row level security;
create policy reach on submission for select using ((select reaches_everywhere()) or source = (select asks_as())
    or number is not null and sites <> '{}' and sites <@ (select reached_site_ids()));

alter table entry enable row level security;
create policy reach on entry for select using ((select reaches_everywhere()) or site_id = any ((select reached_sites())::int[])
    or site_id || ' ' || kind || ' ' || id = any ((select reached_papers())::text[])
    or kind = 'submission' and exists (select from submission s where s.id = entry.id));
create index entry_exhibit on entry (id) where kind = 'exhibit';

-- A file is seen by whoever sees what it came with.
alter table file enable row level security;
create policy reach on file for select using ((select reaches_everywhere())
    or exists (select from submission s where s.digest = file.digest)
    or exists (select from entry e where e.kind = 'exhibit' and e.id = encode(file.digest, 'hex')));
alter table file_part enable row level security;
create policy reach on file_part for select using ((select reaches_everywhere()) or exists (select from file f where f.digest = file_part.digest));

-- The log is public; which record speaks of what is for whoever sees that.
alter table log_leaf enable row level security;
create policy reach on log_leaf for select using ((select reaches_everywhere()) or site_id is null or site_id = any ((select touched_sites())::int[]));
alter table log_hash enable row level security;
create policy reach on log_hash for select using (true);
alter table checkpoint enable row level security;
create policy reach on checkpoint for select using (true);

-- Nothing of these is for those who ask over the web: the program itself looks
-- into them, for who signs in and for what it sends and takes in.
alter table source enable row level security;
alter table source_position enable row level security;
alter table log_queue enable row level security;
alter table token enable row level security;
alter table mail_address enable row level security;
alter table mail enable row level security;
alter table mail_letter enable row level security;
alter table mail_subscription enable row level security;
alter table mail_told enable row level security;
alter table account enable row level security;
alter table person enable row level security;
alter table credential enable row level security;
alter table recovery_code enable row level security;
alter table access_code enable row level security;
alter table session enable row level security;
alter table account_grant enable row level security;
alter table operator_rule enable row level security;
