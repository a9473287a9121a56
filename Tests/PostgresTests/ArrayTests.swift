import Foundation
import Testing

@testable import Postgres

@Suite struct ArrayTests {
    @Test func `Arrays of each type come back as sent`() async throws {
        let id = UUID()
        var uuids = ArrayBuilder(of: .uuid)
        uuids.append(uuid: id)
        var texts = ArrayBuilder(of: .text, capacity: 2)
        texts.append(text: "ä,\"{}")
        texts.append(text: "")
        var int2 = ArrayBuilder(of: .int2)
        int2.append(int2: -2)
        var int4 = ArrayBuilder(of: .int4)
        int4.append(int4: 4)
        var int8 = ArrayBuilder(of: .int8)
        int8.append(int8: .min)
        var parameters = [uuids, texts, int2, int4, int8]
        var bools = ArrayBuilder(of: .bool)
        bools.append(bool: true)
        var times = ArrayBuilder(of: .timestamptz)
        times.append(microseconds: 0)
        var jsons = ArrayBuilder(of: .json)
        jsons.append(bytes: Array("{ }".utf8))
        var bytes = ArrayBuilder(of: .bytea)
        bytes.append(bytes: [0xff])
        parameters += [bools, times, jsons, bytes]
        try await withPool(configuration(settings: ["timezone": "UTC"])) { [parameters] pool in
            let row = try await pool.read(
                "SELECT $1, $2, $3, $4, $5, $6::text, $7::text, $8, $9::text", parameters.map(Parameter.array))[0]
            #expect(try row.uuids(0) == [id])
            #expect(try row.texts(1) == ["ä,\"{}", ""])
            #expect(try row.ints(2) == [-2])
            #expect(try row.ints(3) == [4])
            #expect(try row.ints(4) == [.min])
            #expect(try row.text(5) == "{t}")
            #expect(try row.text(6) == "{\"1970-01-01 00:00:00+00\"}")
            #expect(try row.texts(7) == ["{ }"])
            #expect(try row.text(8) == "{\"\\\\xff\"}")
        }
    }

    @Test(arguments: ElementType.allCases)
    func `Nulls and empty arrays of each type come back as sent`(type: ElementType) async throws {
        var nulls = ArrayBuilder(of: type)
        nulls.appendNull()
        nulls.appendNull()
        #expect(nulls.count == 2)
        try await withPool(configuration()) { [nulls] pool in
            let row = try await pool.read(
                "SELECT $1::text, $2::text", [.array(nulls), .array(ArrayBuilder(of: type))])[0]
            #expect(try row.text(0) == "{NULL,NULL}")
            #expect(try row.text(1) == "{}")
        }
    }

    @Test func `Empty arrays are read`() async throws {
        try await withPool(configuration()) { pool in
            let row = try await pool.read("SELECT '{}'::uuid[], '{}'::text[], '{}'::int8[]")[0]
            #expect(try row.uuids(0).isEmpty)
            #expect(try row.texts(1).isEmpty)
            #expect(try row.ints(2).isEmpty)
        }
    }

    @Test func `Malformed arrays are refused`() {
        let header: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 1, 0, 0, 0, 8]
        for count in 0...header.count {
            let values = header.prefix(count).withUnsafeBytes { bytes in
                ArrayReader.read(bytes) { Integer.decode($0, $1) }
            }
            #expect(values == nil)
        }
    }
}
