\set value random(1, 1000000000)
insert into peer.bare (id, type, schema, organization, stream, stream_type, data, sealed, sealed_salt, sealed_hash,
    actor, actor_role, origin, origin_salt, origin_hash, recorded_at, leaf_hash)
values (gen_random_uuid(), 'employee.role_changed', 1, gen_random_uuid(), gen_random_uuid(), 'EMPLOYEE',
    '{"fields":["/role"]}', ('{"/role":{"from":"Engineer","to":"Engineer ' || :value || '"}}')::json, sha256('salt'),
    sha256('sealed'), gen_random_uuid(), 'OWNER',
    '{"ip":"127.0.0.1","requestId":"0192f0c1-0000-7000-8000-000000000000","userAgent":"bench"}', sha256('salt'),
    sha256('origin'), clock_timestamp(), sha256('leaf'));
