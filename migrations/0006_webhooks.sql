-- How far the deliveries of each webhook are: neither in the log nor derived from it. A webhook starts where it was created.
create table log.webhooks (
    id uuid primary key,
    organization uuid not null,
    -- Every event up to here that it asks for has been delivered.
    position bigint not null,
    -- Whether it is known that there are more.
    is_behind boolean not null default false,
    -- How many attempts at the next event have failed, since when, and when there is another one; of the webhook in the form
    -- that it has had since the event at `version`: one that has been changed since starts again.
    attempts bigint not null default 0,
    failing_since timestamptz,
    next_attempt_at timestamptz,
    version bigint not null default 0
) with (fillfactor = 80);
create index webhooks_organization on log.webhooks (organization);
create index webhooks_next_attempt on log.webhooks (next_attempt_at) where next_attempt_at is not null;

-- The latest attempts at deliveries, without what was delivered: that is in the log.
create table log.webhook_deliveries (
    webhook uuid not null references log.webhooks on delete cascade,
    number bigint generated always as identity,
    -- Its id, and its position; an event that was only sent as a test has none.
    event uuid not null,
    position bigint,
    -- Which attempt at the event it was, from 1.
    attempt bigint not null,
    attempted_at timestamptz not null,
    milliseconds bigint not null,
    -- The status of the answer, or a word for why there was none.
    status bigint,
    error text collate "C",
    primary key (webhook, number),
    check ((status is null) <> (error is null))
);
