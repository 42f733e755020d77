-- A judgement asks for a few roles over the months of a year: here they lie side
-- by side, where the key has all roles of a month together. No column in it ever
-- changes, so that a balance can still be rewritten in its place.
create index balance_months on balance (site_id, role, period) where grain = 'm';
