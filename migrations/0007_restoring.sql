-- The position through which an export is being restored, until all of it is there and has been verified: nothing is served
-- meanwhile. Null at all other times.
alter table log.control add column restoring bigint;
