-- What the log has signed of itself, and the keys that did.

-- The keys that sign the log's checkpoints, the newest with the highest number. None is ever removed: who has a checkpoint
-- of an older key must still find the key.
create table log.signing_keys (
    number integer primary key check (number > 0),
    -- Ed25519.
    public_key bytea not null unique check (length(public_key) = 32),
    -- Keyed by the nodes' master key: a public key that somebody else has put here is told by it.
    fingerprint bytea not null,
    added_at timestamptz not null default now()
);

-- The last checkpoint that was signed. Another is signed only if the tree extends this one. Before the first it is the empty
-- tree, without a note.
create table log.checkpoints (
    only_row boolean primary key default true check (only_row),
    size bigint not null default 0,
    root bytea not null default sha256(''::bytea) check (length(root) = 32),
    note text collate "C",
    signed_at timestamptz
);
insert into log.checkpoints default values;
