-- Erases where requests came from that an erased account has made: a step of at most `most` events. The answer is whether there
-- may be more to do. What a step has done is committed with where it ended, so any node goes on where another stopped.
--
-- It takes the append lock: a batch that erases something else may change the same events.
create or replace function log.erase_origins(most integer) returns boolean
language plpgsql security definer set search_path = pg_catalog as $$
declare
    pending log.erasures;
    through bigint;
begin
    perform log.lock();
    select * into pending from log.erasures where origins_after is not null order by position limit 1;
    if not found then
        return false;
    end if;
    select max(e.position) into through from (
        select position from log.events where actor = pending.stream and position > pending.origins_after
        order by actor, position limit most) e;
    update log.events set origin = null, origin_salt = null
    where actor = pending.stream and position > pending.origins_after and position <= through
        and (origin is not null or origin_salt is not null);
    update log.erasures set origins_after = through where stream = pending.stream;
    return true;
end $$;
