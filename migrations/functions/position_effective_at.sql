-- The position of the last event of an organization that took effect by an instant; 0 without one. What is recorded by then has
-- taken effect by then; of what is recorded later, only imported events have, whose times rise with their positions.
create or replace function log.position_effective_at(of_organization uuid, instant timestamptz) returns bigint
language sql stable as $$
    select greatest(
        (select position from log.events
            where organization = of_organization and position <= log.position_at(instant)
            order by position desc limit 1),
        (select position from log.events
            where organization = of_organization and effective_at <= instant and effective_at is not null
            order by effective_at desc, position desc limit 1),
        0)
$$;
