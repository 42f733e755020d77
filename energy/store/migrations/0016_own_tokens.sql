-- Tokens that people make for themselves: they hold no more than what their person
-- holds at the moment, and end with the account.

alter table token add account_id int references account;
comment on column token.account_id is 'the account whose rights bound it, whenever it is used; null: a program''s, bound by itself alone';
create index token_account on token (account_id) where account_id is not null;
