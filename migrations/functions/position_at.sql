-- The last position at or before an instant: a binary search, since recorded_at rises with position.
create or replace function log.position_at(instant timestamptz) returns bigint language plpgsql stable as $$
declare
    low bigint := 0;
    high bigint := coalesce((select max(position) from log.events), 0);
    middle bigint;
begin
    while low < high loop
        middle := (low + high + 1) / 2;
        if (select recorded_at from log.events where position = middle) <= instant then
            low := middle;
        else
            high := middle - 1;
        end if;
    end loop;
    return low;
end $$;
