#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Writes Postgres's binary format: integers in network order, each field after its length.
struct BinaryWriter: Sendable {
    var bytes: [UInt8] = []

    mutating func write<I: FixedWidthInteger>(_ value: I) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func null() {
        write(Int32(-1))
    }

    mutating func field<I: FixedWidthInteger>(_ value: I) {
        write(Int32(MemoryLayout<I>.size))
        write(value)
    }

    mutating func field(_ value: Bool) {
        write(Int32(1))
        bytes.append(value ? 1 : 0)
    }

    mutating func field(_ value: UUID) {
        write(Int32(16))
        withUnsafeBytes(of: value.uuid) { bytes.append(contentsOf: $0) }
    }

    mutating func field(_ value: String) {
        write(Int32(value.utf8.count))
        bytes.append(contentsOf: value.utf8)
    }

    mutating func field(_ value: some Collection<UInt8>) {
        write(Int32(value.count))
        bytes.append(contentsOf: value)
    }
}
