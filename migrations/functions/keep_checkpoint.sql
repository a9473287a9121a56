-- Keeps a signed checkpoint as the last one, if the last one is still that which it was proven to extend, and the newest key
-- has signed it. The answer is whether it was kept: a node gives out no other.
--
-- The row is locked by a statement of its own, so that those after it see what the one who had it before has done. It runs
-- with the rights of its owner: the service itself may not write these tables.
create or replace function log.keep_checkpoint(
    known_size bigint, known_root bytea, signing_key integer, new_size bigint, new_root bytea, new_note text
) returns boolean language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform from log.checkpoints for update;
    if signing_key is distinct from (select max(number) from log.signing_keys) then
        return false;
    end if;
    update log.checkpoints set size = new_size, root = new_root, note = new_note, signed_at = clock_timestamp()
    where size = known_size and root = known_root
        and (new_size > size or (new_size = size and new_root = root));
    return found;
end $$;
