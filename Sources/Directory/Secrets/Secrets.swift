import DirectoryEvents
import EventSourcing
import FoundationEssentials
import MappingsProjection

/// A secret as it is kept: `SecretKeys` makes both forms.
public enum Secret: Sendable, Equatable {
    /// Encrypted: it is needed again.
    case sealed([UInt8])
    /// A keyed digest: it is only recognised.
    case digest([UInt8])

    /// Takes as long wherever two secrets begin to differ.
    public static func == (left: Secret, right: Secret) -> Bool {
        switch (left, right) {
        case (.sealed(let left), .sealed(let right)), (.digest(let left), .digest(let right)):
            left.count == right.count && zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
        case (.sealed, _), (.digest, _): false
        }
    }
}

/// The secrets of organizations' keys and of webhooks (sealed), of apps and of mappings (digests).
public enum Secrets: SideTable {
    /// What tells secrets apart.
    public struct Key: Hashable, Sendable {
        /// What has it: a key, a webhook, an app, a mapping.
        public let owner: UUID
        /// Which of its owner's it is; empty where an owner has only one.
        public let name: String

        public init(owner: UUID, name: String = "") {
            self.owner = owner
            self.name = name
        }

        /// Names are told apart by their bytes, as in SQL.
        public static func == (left: Key, right: Key) -> Bool {
            left.owner == right.owner && left.name.isIdentical(to: right.name)
        }

        public func hash(into hasher: inout Hasher) {
            hasher.combine(owner)
            hasher.combine(ColumnValue.text(name))
        }
    }

    public static let name = "log.secrets"
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("owner", .uuid), Column("name", .text)], [Column("sealed", .bytes), Column("digest", .bytes)]
    )

    /// Those of its mappings.
    public static let forgetting: [Forgetting] = [
        { stream, _ in
            """
            delete from log.secrets
            where owner in (select id from \(Mappings.schemaName).current where entity = \(stream()))
            """
        }
    ]

    public static func values(of key: Key) -> [ColumnValue] { [.uuid(key.owner), .text(key.name)] }

    public static func values(of row: Secret) -> [ColumnValue] {
        switch row {
        case .sealed(let bytes): [.bytes(bytes), .null]
        case .digest(let bytes): [.null, .bytes(bytes)]
        }
    }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Key {
        let columns = ColumnReader(key: values, of: Self.self)
        return Key(owner: try columns.uuid("owner"), name: try columns.text("name"))
    }

    public static func row(at key: Key, from values: [ColumnValue]) throws(UnreadableRow) -> Secret {
        let columns = ColumnReader(row: values, of: Self.self)
        return switch (try columns.bytesIfPresent("sealed"), try columns.bytesIfPresent("digest")) {
        case (let sealed?, nil): .sealed(sealed)
        case (nil, let digest?): .digest(digest)
        case (.some, .some), (nil, nil): throw UnreadableRow(name, "it is neither sealed nor a digest")
        }
    }
}

extension SideWrite {
    /// Keeps a secret; `nil` removes the one that is kept.
    static func secret(_ secret: Secret?, under key: Secrets.Key) -> SideWrite {
        SideWrite(Secrets.self, key) { _ in secret }
    }
}
