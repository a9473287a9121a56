#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// One parameter of a statement: its type and its value in binary form, or null.
public struct Parameter: Sendable {
    /// Kept as it came until it is copied into the message: most parameters then need no memory of their own.
    enum Value: Sendable {
        case null
        case bool(Bool)
        case int2(Int16)
        case int4(Int32)
        case int8(Int64)
        case uuid(UUID)
        case text(String)
        case bytes([UInt8])
    }

    let oid: UInt32
    let value: Value

    private init(_ oid: UInt32, _ value: Value?) {
        self.oid = oid
        self.value = value ?? .null
    }

    /// No value, of a type.
    init(nullOf type: ParameterType) {
        switch type {
        case .element(let element): self.init(element.oid, nil)
        case .array(let element): self.init(element.arrayOID, nil)
        }
    }

    /// A uuid.
    public static func uuid(_ value: UUID?) -> Self { Self(OID.uuid, value.map(Value.uuid)) }

    /// A text.
    public static func text(_ value: String?) -> Self { Self(OID.text, value.map(Value.text)) }

    /// A json value, given as the UTF-8 of its text, which the server keeps as it is.
    public static func json(_ value: [UInt8]?) -> Self { Self(OID.json, value.map(Value.bytes)) }

    /// A bytea.
    public static func bytea(_ value: [UInt8]?) -> Self { Self(OID.bytea, value.map(Value.bytes)) }

    /// A boolean.
    public static func bool(_ value: Bool?) -> Self { Self(OID.bool, value.map(Value.bool)) }

    /// A smallint.
    public static func int2(_ value: Int16?) -> Self { Self(OID.int2, value.map(Value.int2)) }

    /// An integer.
    public static func int4(_ value: Int32?) -> Self { Self(OID.int4, value.map(Value.int4)) }

    /// A bigint.
    public static func int8(_ value: Int64?) -> Self { Self(OID.int8, value.map(Value.int8)) }

    /// A timestamptz in microseconds since 1970 UTC; `Int64.max` and `Int64.min` are the infinities.
    public static func timestamptz(microseconds value: Int64?) -> Self {
        Self(OID.timestamptz, value.map { .int8(Timestamp.wire(microseconds: $0)) })
    }

    /// A one-dimensional array.
    public static func array(_ builder: ArrayBuilder) -> Self {
        Self(builder.type.arrayOID, .bytes(builder.encoded))
    }
}
