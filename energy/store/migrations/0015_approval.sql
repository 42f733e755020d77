-- What waits for a second person of the operator is seen by whoever sees all its
-- sites, as what was handed in is.
alter policy reach on submission using ((select reaches_everywhere()) or source = (select asks_as())
    or (number is not null or state = 'waiting_approval') and sites <> '{}' and sites <@ (select reached_site_ids()));
comment on column submission.state is 'draft, waiting_approval, received, checked, asked_back, accepted, withdrawn: the latest step';
