-- Secrets: neither in the log nor derived from it. Without the nodes' master key none of them can be read or guessed.
create table log.secrets (
    -- What has it: an organization's key, an app, a mapping.
    owner uuid not null,
    -- Which of its owner's it is; '' where an owner has only one.
    name text collate "C" not null,
    -- One that is needed again: nonce, ciphertext and tag of AES-256-GCM.
    sealed bytea,
    -- One that is only recognised: HMAC-SHA-256.
    digest bytea,
    primary key (owner, name),
    check ((sealed is null) <> (digest is null))
);
create index secrets_digest on log.secrets (digest) where digest is not null;
