-- An event changes in one way alone: what was committed to is taken out, with its salt. `sealed`, if a later event has erased the
-- stream; `origin`, if its actor has been erased.
create or replace function log.refuse_all_but_erasure() returns trigger language plpgsql as $$
declare
    rest log.events := new;
begin
    rest.sealed := old.sealed;
    rest.sealed_salt := old.sealed_salt;
    rest.origin := old.origin;
    rest.origin_salt := old.origin_salt;
    -- Compared as they are stored: json has no equality of its own.
    if rest *= old
        and (
            (new.sealed::text is not distinct from old.sealed::text and new.sealed_salt is not distinct from old.sealed_salt)
            or (new.sealed is null and new.sealed_salt is null
                and exists (select from log.erasures e where e.stream = old.stream and e.position > old.position)))
        and (
            (new.origin::text is not distinct from old.origin::text and new.origin_salt is not distinct from old.origin_salt)
            or (new.origin is null and new.origin_salt is null
                and exists (select from log.erasures e where e.stream = old.actor)))
    then
        return new;
    end if;
    raise exception 'the log is append-only: % of % is refused', tg_op, tg_table_name using errcode = 'LG000';
end $$;

create or replace trigger only_erased before update on log.events
    for each row execute function log.refuse_all_but_erasure();
