#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Row {
    /// The elements of a `uuid[]`; throws on a null, in it or instead of it.
    public func uuids(_ column: Int) throws(PostgresError) -> [UUID] {
        try elements(column, "uuid[]") { bytes, oid in
            oid == OID.uuid && bytes.count == 16 ? UUID(uuid: bytes.loadUnaligned(as: uuid_t.self)) : nil
        }
    }

    /// The elements of a `text[]`, `varchar[]` or `json[]`; throws on a null, in it or instead of it.
    public func texts(_ column: Int) throws(PostgresError) -> [String] {
        try elements(column, "text[]") { bytes, oid in
            oid == OID.text || oid == OID.varchar || oid == OID.json || oid == OID.name
                ? String(decoding: bytes, as: UTF8.self) : nil
        }
    }

    /// The elements of an `int2[]`, `int4[]` or `int8[]`; throws on a null, in it or instead of it.
    public func ints(_ column: Int) throws(PostgresError) -> [Int64] {
        try elements(column, "an array of integers") { Integer.decode($0, $1) }
    }

    /// Whether the column has an array type is told by the header alone; a value that does not parse is refused.
    private func elements<T>(
        _ column: Int, _ wanted: String, _ decode: (UnsafeRawBufferPointer, UInt32) -> T?
    ) throws(PostgresError) -> [T] {
        if isNull(column) { throw mismatch(column, wanted) }
        let isArray = ElementType.allCases.contains { $0.arrayOID == type(column) } || type(column) == 1015
        guard isArray, let values = withBytes(column, { ArrayReader.read($0, decode) }) else {
            throw mismatch(column, wanted)
        }
        return values
    }
}

/// Reads the binary form of a one-dimensional array.
enum ArrayReader {
    /// Nil if the bytes are no such array or `decode` refuses an element; nulls are refused.
    static func read<T>(_ bytes: UnsafeRawBufferPointer, _ decode: (UnsafeRawBufferPointer, UInt32) -> T?) -> [T]? {
        func int(_ offset: Int) -> Int32? {
            guard offset >= 0, offset + 4 <= bytes.count else { return nil }
            return Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
        }
        guard let dimensions = int(0), let oid = int(8) else { return nil }
        if dimensions == 0 { return [] }
        guard dimensions == 1, let count = int(12), count >= 0 else { return nil }
        var values: [T] = []
        values.reserveCapacity(min(Int(count), bytes.count / 4))
        var offset = 20
        for _ in 0..<count {
            guard let length = int(offset), length >= 0, offset + 4 + Int(length) <= bytes.count else { return nil }
            let element = UnsafeRawBufferPointer(rebasing: bytes[(offset + 4)..<(offset + 4 + Int(length))])
            guard let value = decode(element, UInt32(bitPattern: oid)) else { return nil }
            values.append(value)
            offset += 4 + Int(length)
        }
        return values
    }
}
