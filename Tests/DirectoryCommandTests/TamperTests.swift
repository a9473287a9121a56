import Foundation
import TestSupport
import Testing

/// What somebody can do who may do everything in the database, and how it is found: by `directory verify` alone, which names
/// the first position that is wrong, or by a checkpoint that was kept elsewhere.
@Suite struct TamperTests {
    /// Recomputes leaf hashes from their events: what a forger who knows the format does. `pg_temp` keeps it out of the log.
    private static let forging = """
        create function pg_temp.text(value json) returns text language sql as $$ select to_json(value #>> '{}')::text $$;
        create function pg_temp.stamp(t timestamptz) returns text language sql as $$
            select to_json(to_char(t at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))::text $$;
        create function pg_temp.forge(e log.events) returns bytea language sql as $$
            select sha256('\\x00'::bytea || convert_to('{' || concat_ws(',',
                '"actor":"' || e.actor || '"', '"actorKey":"' || e.actor_key || '"',
                '"actorRole":"' || e.actor_role || '"', '"causation":' || e.causation, '"data":' || e.data::text,
                '"effectiveAt":' || pg_temp.stamp(e.effective_at), '"id":"' || e.id || '"',
                '"organization":"' || e.organization || '"', '"origin":"' || encode(e.origin_hash, 'hex') || '"',
                '"position":' || e.position, '"recordedAt":' || pg_temp.stamp(e.recorded_at),
                '"related":"' || e.related || '"', '"schema":' || e.schema,
                '"sealed":"' || encode(e.sealed_hash, 'hex') || '"', '"stream":"' || e.stream || '"',
                '"streamType":"' || e.stream_type || '"', '"type":"' || e.type || '"') || '}', 'UTF8')) $$;

        """

    /// Writes the tiles again from the leaves.
    private static let tiling = """
        delete from log.tiles;
        select log.complete_tiles(0, (select max(position) from log.events));

        """

    /// The first event after a position of which a text is kept.
    private static func sealed(after position: Int) -> String {
        "(select min(position) from log.events where sealed is not null and position > \(position))"
    }

    /// Tampers with a log, and expects `verify` to find it without help.
    /// - Parameter position: an expression of the position that it names first; `nil` where it names none.
    private func isFound(_ sql: String, at position: String?, _ words: String) async throws {
        try await ImportedLog.use { log in
            var expected: Int64?
            if let position { expected = try await log.database.number("select \(position)::bigint") }
            try await log.tamper(sql)
            let outcome = try await log.directory("verify", "--log-only")
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains(words), "\(outcome.errors)")
            if let expected { #expect(outcome.errors.contains("position \(expected): "), "\(outcome.errors)") }
        }
    }

    /// Tampers with a log so that it agrees with itself again. It does not agree with what it has signed; without that, only with
    /// what somebody has kept elsewhere it does not.
    private func isFoundByCheckpoint(_ sql: String, _ words: String) async throws {
        try await ImportedLog.use { log in
            let kept = try await log.serve { try await log.keepCheckpoint($0, $1) }
            try await log.tamper(sql)
            let signed = try await log.directory("verify", "--log-only")
            #expect(signed.status == 1)
            #expect(signed.errors.contains("\(words) the last checkpoint that was signed"), "\(signed.errors)")
            // Whoever can rewrite the log can rewrite that as well.
            try await log.tamper("update log.checkpoints set size = 0, root = sha256(''), note = null")
            let alone = try await log.directory("verify", "--log-only")
            #expect(alone.status == 0, "the forgery is not complete: \(alone.errors)")
            let outcome = try await log.directory("verify", "--log-only", "--checkpoint", kept)
            #expect(outcome.status == 1)
            #expect(outcome.errors.contains("\(words) the checkpoint in \(kept)"), "\(outcome.errors)")
        }
    }

    @Test func `A changed field is found by verify`() async throws {
        try await isFound(
            "update log.events set actor_role = 'OWNER' where position = 100", at: "100",
            "not the one that its leaf hashes")
    }

    @Test func `Changed data is found by verify`() async throws {
        try await isFound(
            "update log.events set data = json_build_object('line', 7) where position = 101", at: "101",
            "not the one that its leaf hashes")
    }

    @Test func `A changed text is found by verify`() async throws {
        try await isFound(
            "update log.events set sealed = '{\"name\":\"Forged\"}' where position = \(Self.sealed(after: 50))",
            at: Self.sealed(after: 50), "`sealed` is not what was committed to")
    }

    @Test func `A changed commitment is found by verify`() async throws {
        try await isFound(
            """
            update log.events set sealed = null, sealed_salt = null, sealed_hash = sha256('x')
            where position = \(Self.sealed(after: 50))
            """, at: Self.sealed(after: 50), "not the one that its leaf hashes")
    }

    @Test func `A text of which nothing is committed to is found by verify`() async throws {
        try await isFound(
            "update log.events set origin = '{\"ip\":\"192.0.2.1\"}' where position = 100 and origin is null",
            at: "100",
            "of which nothing is committed to")
    }

    @Test func `A text that is missing without an erasure is found by verify`() async throws {
        try await isFound(
            "update log.events set sealed = null, sealed_salt = null where position > 60 and sealed is not null",
            at: Self.sealed(after: 60), "its subject was not erased later")
    }

    @Test func `A changed time is found by verify`() async throws {
        try await isFound(
            "update log.events set recorded_at = recorded_at - interval '1 microsecond' where position = 102",
            at: "102",
            "not the one that its leaf hashes")
    }

    @Test func `A changed field with its leaf is found by verify, through the tile`() async throws {
        try await isFound(
            "\(Self.forging)update log.events e set actor_role = 'OWNER' where position = 100;"
                + "update log.events e set leaf_hash = pg_temp.forge(e) where position = 100",
            at: "100", "tile 0 of level 0 has another hash of it")
    }

    @Test func `A changed tile is found by verify`() async throws {
        try await isFound(
            "update log.tiles set hashes = overlay(hashes placing sha256('x') from 1 + 32 * 41)", at: "42",
            "tile 0 of level 0 has another hash of it")
        try await isFound(
            "update log.tiles set root = sha256('x')", at: "1", "the hash above tile 0 of level 0 is another")
        try await isFound("delete from log.tiles", at: "1", "tile 0 of level 0 is missing")
        try await isFound(
            "insert into log.tiles select 0, 9, hashes, root from log.tiles limit 1", at: nil,
            "there are tiles beyond the end")
    }

    @Test func `Two swapped events are found by verify`() async throws {
        try await isFound(
            """
            update log.events set position = -1 where position = 120;
            update log.events set position = 120 where position = 121;
            update log.events set position = 121 where position = -1
            """, at: "120", "not the one that its leaf hashes")
    }

    @Test func `A deleted event is found by verify`() async throws {
        try await isFound("delete from log.events where position = 130", at: "130", "the event is missing")
    }

    @Test func `The last event, deleted, is found by the last checkpoint that was signed`() async throws {
        try await ImportedLog.use { log in
            _ = try await log.serve { try await log.keepCheckpoint($0, $1) }
            let head = try await log.head()
            try await log.tamper("delete from log.events where position = \(head)")
            let outcome = try await log.directory("verify", "--log-only")
            #expect(outcome.status == 1)
            #expect(
                outcome.errors.contains("position \(head): the event is missing: the last checkpoint"),
                "\(outcome.errors)")
        }
    }

    @Test func `The last event, deleted with what was signed, is found by a kept checkpoint`() async throws {
        try await isFoundByCheckpoint(
            "delete from log.events where position = (select max(position) from log.events)",
            "the event is missing:")
    }

    @Test func `A suffix rewritten with its hashes and tiles is found by a kept checkpoint`() async throws {
        try await isFoundByCheckpoint(
            """
            \(Self.forging)update log.events set actor_role = 'OWNER' where position >= 200;
            update log.events e set leaf_hash = pg_temp.forge(e) where position >= 200;
            \(Self.tiling)
            """, "are not those of")
    }

    @Test func `Two events swapped with their hashes and tiles are found by a kept checkpoint`() async throws {
        try await isFoundByCheckpoint(
            """
            \(Self.forging)create temp table moved as select * from log.events where position in (120, 121);
            update log.events e set id = m.id, type = m.type, schema = m.schema, stream = m.stream, related = m.related,
                data = m.data, sealed = m.sealed, sealed_salt = m.sealed_salt, sealed_hash = m.sealed_hash
            from moved m where e.position in (120, 121) and m.position = 241 - e.position;
            update log.events e set leaf_hash = pg_temp.forge(e) where position in (120, 121);
            \(Self.tiling)
            """, "are not those of")
    }

    @Test func `A service does not sign a log that was rewritten`() async throws {
        try await ImportedLog.use { log in
            _ = try await log.serve { try await log.keepCheckpoint($0, $1) }
            try await log.tamper(
                """
                \(Self.forging)update log.events set actor_role = 'OWNER' where position >= 200;
                update log.events e set leaf_hash = pg_temp.forge(e) where position >= 200;
                \(Self.tiling)
                """)
            try await log.serve { service, token in
                let made = try await service.send(
                    "POST", "/api/v1/account", token: token, json: #"{"email":"later@example.com"}"#)
                #expect(made.status == 201)
                let answer = try await service.get("/api/v1/audit/log/checkpoint", token: token)
                #expect(answer.status == 503)
                #expect(answer.json["detail"]?.string?.contains("the log was changed") == true, "\(answer.text)")
                #expect(service.running.errors.contains("no checkpoint is signed"))
            }
        }
    }
}
