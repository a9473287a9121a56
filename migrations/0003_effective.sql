-- Finds the last event of an organization that took effect by a time; only imported events have such a time of their own.
create index events_effective on log.events (organization, effective_at, position) where effective_at is not null;
