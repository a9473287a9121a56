/// The types that arrays are made of.
public enum ElementType: Sendable, CaseIterable {
    case uuid, text, json, bytea, bool, int2, int4, int8, timestamptz

    /// The element's name in SQL.
    public var sqlName: String {
        switch self {
        case .uuid: "uuid"
        case .text: "text"
        case .json: "json"
        case .bytea: "bytea"
        case .bool: "boolean"
        case .int2: "smallint"
        case .int4: "integer"
        case .int8: "bigint"
        case .timestamptz: "timestamptz"
        }
    }

    /// The element's name in `pg_type`.
    var name: String {
        switch self {
        case .bool: "bool"
        case .int2: "int2"
        case .int4: "int4"
        case .int8: "int8"
        case .uuid, .text, .json, .bytea, .timestamptz: sqlName
        }
    }

    /// The element's object identifier in `pg_type`; built-in types have the same one in every server.
    var oid: UInt32 {
        switch self {
        case .uuid: OID.uuid
        case .text: OID.text
        case .json: OID.json
        case .bytea: OID.bytea
        case .bool: OID.bool
        case .int2: OID.int2
        case .int4: OID.int4
        case .int8: OID.int8
        case .timestamptz: OID.timestamptz
        }
    }

    /// The object identifier of the type's array.
    var arrayOID: UInt32 {
        switch self {
        case .uuid: 2951
        case .text: 1009
        case .json: 199
        case .bytea: 1001
        case .bool: 1000
        case .int2: 1005
        case .int4: 1007
        case .int8: 1016
        case .timestamptz: 1185
        }
    }
}

/// Object identifiers of the built-in types that this module reads or writes.
enum OID {
    static let bool: UInt32 = 16
    static let bytea: UInt32 = 17
    static let char: UInt32 = 18
    static let name: UInt32 = 19
    static let int8: UInt32 = 20
    static let int2: UInt32 = 21
    static let int4: UInt32 = 23
    static let text: UInt32 = 25
    static let oid: UInt32 = 26
    static let json: UInt32 = 114
    static let unknown: UInt32 = 705
    static let bpchar: UInt32 = 1042
    static let varchar: UInt32 = 1043
    static let timestamptz: UInt32 = 1184
    static let uuid: UInt32 = 2950
}
