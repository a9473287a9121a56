\set n random(0, 19999)
\set value random(1, 1000000000)
with employee as (
    select c.* from peer.current c join peer.ids i on i.id = c.id where i.n = :n
),
event as (
    insert into peer.events (id, type, schema, organization, stream, stream_type, data, sealed, sealed_salt, sealed_hash,
        actor, actor_role, origin, origin_salt, origin_hash, recorded_at, leaf_hash)
    select gen_random_uuid(), 'employee.role_changed', 1, organization, id, 'EMPLOYEE', '{"fields":["/role"]}',
        ('{"/role":{"from":"Engineer","to":"Engineer ' || :value || '"}}')::json, sha256('salt'), sha256('sealed'),
        organization, 'OWNER', '{"ip":"127.0.0.1","requestId":"0192f0c1-0000-7000-8000-000000000000","userAgent":"bench"}',
        sha256('salt'), sha256('origin'), clock_timestamp(), sha256('leaf')
    from employee
    returning position
),
past as (
    insert into peer.past select employee.*, event.position from employee, event
)
update peer.current c set
    json = replace(c.json::text, '"type":"EMPLOYEE"', '"type":"EMPLOYEE"')::json, since = event.position
from event, employee where c.id = employee.id;
