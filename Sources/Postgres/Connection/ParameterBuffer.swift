import CLibPQ

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Lays parameters out as libpq wants them; one is used again and again, so sending a statement allocates nothing.
struct ParameterBuffer {
    private var bytes: [UInt8] = []
    private var offsets: [Int] = []
    private var lengths: [Int32] = []
    private var pointers: [UnsafePointer<CChar>?] = []
    private var formats: [Int32] = []
    private(set) var types: [UInt32] = []

    mutating func fill(_ parameters: [Parameter]) {
        bytes.removeAll(keepingCapacity: true)
        offsets.removeAll(keepingCapacity: true)
        lengths.removeAll(keepingCapacity: true)
        types.removeAll(keepingCapacity: true)
        for parameter in parameters {
            types.append(parameter.oid)
            let start = bytes.count
            if case .null = parameter.value {
                offsets.append(-1)
            } else {
                offsets.append(start)
                append(parameter.value)
            }
            lengths.append(Int32(bytes.count - start))
        }
        // One byte more, so that an empty value at the end still has an address: libpq takes a null pointer for null.
        bytes.append(0)
        while formats.count < parameters.count { formats.append(1) }
    }

    private mutating func append(_ value: Parameter.Value) {
        switch value {
        case .null: break
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .int2(let value): append(integer: value)
        case .int4(let value): append(integer: value)
        case .int8(let value): append(integer: value)
        case .uuid(let value): withUnsafeBytes(of: value.uuid) { bytes.append(contentsOf: $0) }
        case .text(let value): bytes.append(contentsOf: value.utf8)
        case .bytes(let value): bytes.append(contentsOf: value)
        }
    }

    private mutating func append<I: FixedWidthInteger>(integer value: I) {
        withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
    }

    /// Sends the execution of a prepared statement with the parameters; false if libpq refused.
    mutating func execute(_ name: UnsafePointer<CChar>, on connection: OpaquePointer) -> Bool {
        pointers.removeAll(keepingCapacity: true)
        return bytes.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                for offset in offsets { pointers.append(offset < 0 ? nil : bytes.baseAddress.map { $0 + offset }) }
                return PQsendQueryPrepared(connection, name, Int32(offsets.count), pointers, lengths, formats, 1) == 1
            }
        }
    }
}
