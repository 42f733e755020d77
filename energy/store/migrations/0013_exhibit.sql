-- Documents that prove something are facts of their sites (entries of kind
-- exhibit); their bytes lie with the other files. What is filled in of a
-- questionnaire and not handed in is no fact.

alter table file add kept boolean not null default false;
comment on column file.kept is 'an entry names it as evidence: it is not forgotten with what was only looked at';

create table questionnaire_draft (
    site_id int,
    year    int,
    version int         not null,
    state   text        not null check (state in ('draft', 'waiting')),
    actor   text        not null,
    at      timestamptz not null,
    body    jsonb       not null,
    primary key (site_id, year)
) with (fillfactor = 50);
comment on table questionnaire_draft is 'What was filled in of a site''s yearly questionnaire so far. It goes when it is handed in.';
comment on column questionnaire_draft.version is 'rises with each time it is saved: who saves over another one''s is told';
comment on column questionnaire_draft.state is 'waiting: a second person of the operator is to release it';
comment on column questionnaire_draft.actor is 'who saved it last, or handed it to the second person';
