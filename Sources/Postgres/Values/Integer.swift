/// Integers of the three widths that Postgres has.
enum Integer {
    static func isOne(_ oid: UInt32) -> Bool {
        oid == OID.int8 || oid == OID.int4 || oid == OID.int2 || oid == OID.oid
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, _ oid: UInt32) -> Int64? {
        switch (oid, bytes.count) {
        case (OID.int8, 8): Int64(Int64(bigEndian: bytes.loadUnaligned(as: Int64.self)))
        case (OID.int4, 4): Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case (OID.int2, 2): Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case (OID.oid, 4): Int64(UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self)))
        default: nil
        }
    }
}
