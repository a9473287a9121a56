-- When somebody's reading of the audit trail was last recorded: neither in the log nor derived from it, and of no use once the
-- time has passed in which the same reading is not recorded again.
create table log.readings (
    -- The account.
    reader uuid not null,
    -- Of the filter: which entries were asked for.
    digest bytea not null,
    recorded_at timestamptz not null,
    primary key (reader, digest)
);
create index readings_age on log.readings (recorded_at);
