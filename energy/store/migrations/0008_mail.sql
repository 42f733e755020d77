-- Mail that waits to be sent, and who subscribed to what. Local tables: nothing
-- in them is a fact of a site, and no digest covers them.

create table mail_address (
    id      int8 generated always as identity primary key,
    address text not null unique
);
comment on table mail_address is 'The only place of addresses that belong to no account. One goes with the last letter and subscription that needs it.';

create table mail (
    id            int8 generated always as identity primary key,
    uid           text        not null unique,
    cause         text        not null unique,
    kind          text        not null,
    queued_at     timestamptz not null,
    next_at       timestamptz not null,
    expires_at    timestamptz not null,
    attempts      int         not null default 0,
    claimed_until timestamptz,
    sent_at       timestamptz,
    given_up_at   timestamptz,
    trouble       text        not null default '',
    check (sent_at is null or given_up_at is null)
);
comment on table mail is 'Each mail there was, without whom it went to and what it said.';
comment on column mail.uid is 'left part of the Message-ID; the same at each attempt, so that a double is recognised as one';
comment on column mail.cause is 'what it is sent for: a second mail of the same cause is not queued';
comment on column mail.next_at is 'not tried before';
comment on column mail.expires_at is 'given up then';
comment on column mail.claimed_until is 'a process is at it, until then; if it dies, another may take it after';
comment on column mail.trouble is 'why the last attempt did not succeed, without the address';
create index mail_waiting on mail (next_at) where sent_at is null and given_up_at is null;

create table mail_letter (
    mail_id     int8 primary key references mail (id) on delete cascade,
    address_id  int8 not null references mail_address (id),
    subject     text not null,
    body        text not null,
    unsubscribe text not null
);
create index mail_letter_address on mail_letter (address_id);
comment on table mail_letter is 'What a mail says and whom it goes to, until it is sent or given up.';
comment on column mail_letter.unsubscribe is 'address of the page that ends the subscription; empty: none';

create table mail_subscription (
    id           int8 generated always as identity primary key,
    address_id   int8        not null references mail_address (id),
    topic        text        not null check (topic in ('findings', 'reminders')),
    sites        text[]      not null,
    severity     text        not null check (severity in ('info', 'warning', 'error')),
    urgent       bool        not null,
    language     text        not null,
    token        text        not null unique,
    confirm_hash bytea       unique,
    created_at   timestamptz not null,
    confirmed_at timestamptz
);
create index mail_subscription_address on mail_subscription (address_id);
comment on column mail_subscription.sites is 'ids of the sites it is about; empty: all';
comment on column mail_subscription.severity is 'the least that is told';
comment on column mail_subscription.urgent is 'errors are told at once, not with the next digest';
comment on column mail_subscription.token is 'ends the subscription, and nothing else; it stands in every mail of it';
comment on column mail_subscription.confirm_hash is 'SHA-256 of the token that confirms it; null once it is confirmed';

create table mail_told (
    subscription_id int8        not null references mail_subscription (id) on delete cascade,
    item            bytea       not null,
    told_at         timestamptz not null,
    primary key (subscription_id, item)
);
comment on table mail_told is 'What a subscriber was told already, by its digest: it is not told twice.';
