-- The event log: one table, one gap-free order, append-only; the tiles of its Merkle tree; and what is kept alongside.
-- What guards them are functions: see the folder functions/.

create schema log;

-- What there is only one of. `generation` rises when read models are swapped, which empties every node's cache.
create table log.control (
    only_row boolean primary key default true check (only_row),
    log_id uuid not null default gen_random_uuid(),
    origin text collate "C",
    generation bigint not null default 1,
    -- Keyed fingerprints of the keys that belong to this log; a node with other keys refuses to start.
    key_fingerprint bytea,
    -- The position through which an export is being restored, until all of it is there and has been verified: nothing is served
    -- meanwhile. Null at all other times.
    restoring bigint
);
insert into log.control default values;

create table log.events (
    position bigint primary key,
    id uuid not null,
    type text collate "C" not null,
    schema smallint not null,
    organization uuid,
    stream uuid not null,
    stream_type text collate "C" not null,
    related uuid,
    data json,
    -- Erasable: what a client chose, and where the request came from. The leaf has their hashes, not their text.
    sealed json,
    sealed_salt bytea,
    sealed_hash bytea,
    actor uuid,
    actor_role text collate "C" not null,
    actor_key uuid,
    origin json,
    origin_salt bytea,
    origin_hash bytea,
    recorded_at timestamptz not null,
    effective_at timestamptz,
    causation bigint,
    -- RFC 6962: SHA-256(0x00 || entry). The leaf's index in the tree is position - 1.
    leaf_hash bytea not null
);
create index events_organization on log.events (organization, position);
create index events_stream on log.events (stream, position);
create index events_related on log.events (related, position) where related is not null;
create index events_actor on log.events (actor, position);
-- Finds the last event of an organization that took effect by a time; only imported events have such a time of their own.
create index events_effective on log.events (organization, effective_at, position) where effective_at is not null;

-- Each full run of 256 hashes of a level of the tree, written by the append that completes it, and the hash above it.
create table log.tiles (
    level smallint not null,
    index bigint not null,
    hashes bytea not null check (length(hashes) = 8192),
    root bytea not null,
    primary key (level, index)
);

-- Receipts of idempotent requests: neither in the log nor derived from it.
create table log.receipts (
    digest bytea primary key,
    fingerprint bytea not null,
    entity uuid not null,
    position bigint not null,
    recorded_at timestamptz not null
);
create index receipts_age on log.receipts (recorded_at);
-- Those of requests about what is erased, and of requests by an account that is erased.
create index receipts_entity on log.receipts (entity);
create index receipts_position on log.receipts (position);

-- Which version of each projection is served.
create table log.projections (
    name text collate "C" primary key,
    version integer not null
);
