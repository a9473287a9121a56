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

    public static func forgetting(_ stream: String, erasedAt position: String) -> [String] {
        ["delete from log.readings where reader = \(stream)"]
    }

    public static func values(of key: Key) -> [ColumnValue] { [.uuid(key.reader), .bytes(key.digest)] }

    public static func values(of row: RecordedReading) -> [ColumnValue] { [.instant(row.at)] }

    public static func key(from values: [ColumnValue]) throws(UnreadableRow) -> Key {
        guard case .uuid(let reader) = values[0], case .bytes(let digest) = values[1] else {
            throw UnreadableRow(name, "a column of its key is of the wrong type")
        }
        return Key(reader: reader, digest: digest)
    }

    public static func row(at key: Key, from values: [ColumnValue]) throws(UnreadableRow) -> RecordedReading {
        guard case .instant(let at) = values[0] else { throw UnreadableRow(name, "its time is not one") }
        return RecordedReading(at: at)
    }
}
