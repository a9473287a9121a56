import CanonicalJSON
import Crypto
import EventSourcing
import FoundationEssentials

/// That somebody's reading of the audit trail was recorded.
public struct RecordedReading: Sendable, Equatable {
    /// When that was.
    public let at: Instant

    /// Whether the same reading is not recorded again yet.
    func covers(_ now: Instant) -> Bool { now.microseconds - at.microseconds < Readings.interval }
}

/// Readings of the audit trail by reader and filter, so that one who reads page after page is recorded once a minute.
public enum Readings: SideTable {
    /// Whose reading of what it is.
    public struct Key: Hashable, Sendable {
        /// The account.
        public let reader: UUID
        /// As `digest(filter:confinedTo:)`.
        public let digest: [UInt8]

        public init(reader: UUID, digest: [UInt8]) {
            self.reader = reader
            self.digest = digest
        }
    }

    /// For how long the same reading is not recorded again, in microseconds: a minute.
    public static let interval: Int64 = 60 * 1_000_000

    /// What tells readings of one reader apart: the filter, and the organization that the reader's token is confined to.
    public static func digest(filter: JSON?, confinedTo organization: UUID?) -> [UInt8] {
        let text = (filter?.canonicalBytes() ?? []) + Array("\n\(organization?.text ?? "")".utf8)
        return Array(SHA256.hash(data: text))
    }

    public static let name = "log.readings"
    public static let columns: (key: [Column], row: [Column]) = (
        [Column("reader", .uuid), Column("digest", .bytes)], [Column("recorded_at", .instant)]
    )

    public static let forgetting: [Forgetting] = [
        { stream, _ in "delete from log.readings where reader = \(stream())" }
    ]

    public static func values(of key: Key) -> [ColumnValue] { [.uuid(key.reader), .bytes(key.digest)] }

    public static func values(of row: RecordedReading) -> [ColumnValue] { [.instant(row.at)] }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Key {
        let columns = ColumnReader(key: values, of: Self.self)
        return Key(reader: try columns.uuid("reader"), digest: try columns.bytes("digest"))
    }

    public static func row(at key: Key, from values: [ColumnValue]) throws(UnreadableRow) -> RecordedReading {
        RecordedReading(at: try ColumnReader(row: values, of: Self.self).instant("recorded_at"))
    }
}
