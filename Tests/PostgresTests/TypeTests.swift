import Foundation
import Testing

@testable import Postgres

@Suite struct TypeTests {
    static let id = UUID()

    @Test func `Values come back as sent`() async throws {
        try await withPool(configuration()) { pool in
            let rows = try await pool.read(
                "SELECT $1::uuid, $2::text, $3::json, $4::json, $5::bytea, $6::bool, $7::int2, $8::int4, $9::int8, $10::timestamptz",
                [
                    .uuid(Self.id), .text("Zoë 学 🦉"), .json(Array(#"{"a" : 1.0}"#.utf8)), .json(Array(#"["ß"]"#.utf8)),
                    .bytea([0, 255, 7]), .bool(true), .int2(-7), .int4(.min), .int8(.max),
                    .timestamptz(microseconds: 1_700_000_000_123_456),
                ])
            let row = rows[0]
            #expect(rows.count == 1 && rows.columns == 10)
            #expect(try row.uuid(0) == Self.id)
            #expect(try row.text(1) == "Zoë 学 🦉")
            #expect(try row.bytes(2) == Array(#"{"a" : 1.0}"#.utf8))
            #expect(try row.text(3) == #"["ß"]"#)
            #expect(try row.bytes(4) == [0, 255, 7])
            #expect(try row.bool(5))
            #expect(try row.int(6) == -7)
            #expect(try row.int(7) == Int64(Int32.min))
            #expect(try row.int(8) == .max)
            #expect(try row.microseconds(9) == 1_700_000_000_123_456)
            #expect(row.withBytes(4) { $0.count } == 3)
        }
    }

    @Test func `Nulls come back as nil`() async throws {
        try await withPool(configuration()) { pool in
            let row = try await pool.read(
                "SELECT $1::uuid, $2::text, $3::json, $4::bytea, $5::bool, $6::int8, $7::timestamptz",
                [
                    .uuid(nil), .text(nil), .json(nil), .bytea(nil), .bool(nil), .int8(nil),
                    .timestamptz(microseconds: nil),
                ]
            )[0]
            #expect((0..<7).allSatisfy { row.isNull($0) })
            #expect(try row.uuidIfPresent(0) == nil)
            #expect(try row.textIfPresent(1) == nil)
            #expect(try row.bytesIfPresent(2) == nil)
            #expect(try row.bytesIfPresent(3) == nil)
            #expect(try row.boolIfPresent(4) == nil)
            #expect(try row.intIfPresent(5) == nil)
            #expect(try row.microsecondsIfPresent(6) == nil)
            #expect(throws: PostgresError.self) { try row.text(1) }
        }
    }

    @Test func `Empty is not null`() async throws {
        try await withPool(configuration()) { pool in
            let row = try await pool.read("SELECT $1::text, $2::bytea", [.text(""), .bytea([])])[0]
            #expect(try row.text(0) == "")
            #expect(try row.bytes(1) == [])
        }
    }

    @Test(arguments: [
        (Int64.max, "infinity"), (Int64.min, "-infinity"), (0, "1970-01-01 00:00:00+00"),
        (-1, "1969-12-31 23:59:59.999999+00"),
        (-210_866_803_200_000_000, "4714-11-24 00:00:00+00 BC"),
        (253_402_300_799_999_999, "9999-12-31 23:59:59.999999+00"),
    ])
    func `Extreme times come back as sent`(microseconds: Int64, text: String) async throws {
        try await withPool(configuration(settings: ["timezone": "UTC"])) { pool in
            let row = try await pool.read(
                "SELECT $1::timestamptz, $1::text", [.timestamptz(microseconds: microseconds)])[0]
            #expect(try row.microseconds(0) == microseconds)
            #expect(try row.text(1) == text)
        }
    }

    @Test func `Times out of range are refused, not wrapped`() async throws {
        try await withPool(configuration()) { pool in
            let error = await #expect(throws: PostgresError.self) {
                try await pool.read("SELECT $1", [.timestamptz(microseconds: .min + 5)])
            }
            #expect(error?.sqlState == "22008")
            let row = try await pool.read("SELECT '294276-12-31 23:59:59+00'::timestamptz")[0]
            #expect(throws: PostgresError.self) { try row.microseconds(0) }
        }
    }

    @Test func `Wrong types are refused`() async throws {
        try await withPool(configuration()) { pool in
            let row = try await pool.read("SELECT 1::int4, 'a'::text, ARRAY[1, NULL]::int4[]")[0]
            #expect(throws: PostgresError.self) { try row.uuid(0) }
            #expect(throws: PostgresError.self) { try row.int(1) }
            #expect(throws: PostgresError.self) { try row.text(0) }
            #expect(throws: PostgresError.self) { try row.ints(2) }
            #expect(throws: PostgresError.self) { try row.texts(1) }
            #expect(throws: PostgresError.self) { try row.int(9) }
        }
    }

    @Test(arguments: [
        ("08006", true), ("25006", true), ("53300", true), ("57P01", true), ("58030", true), ("57014", false),
        ("23505", false), ("42501", false),
    ])
    func `An outage is told from a refusal by its SQLSTATE`(code: String, isOutage: Bool) {
        #expect(PostgresError.server(ServerError(sqlState: code, message: "")).isOutage == isOutage)
    }

    @Test func `Statements are equal by their bytes`() {
        let composed: Statement = "SELECT '\u{e9}'"
        let decomposed: Statement = "SELECT 'e\u{301}'"
        #expect(composed.sql == decomposed.sql)
        #expect(composed != decomposed)
        #expect(composed == Statement("SELECT '\u{e9}'"))
    }
}
