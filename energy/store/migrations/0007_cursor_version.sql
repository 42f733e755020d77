-- A job that derives something says by which version of its method it did: when
-- the program has another, what is derived is written anew, without any new fact.
alter table site_cursor add column version int not null default 0;
comment on column site_cursor.version is 'the version of the method by which the job wrote what it derived; 0 before versions were kept';
