import EventLog
import EventSourcing
import Postgres
import TransparencyLog

/// Entries one after the other, each after its length as two bytes, big-endian (c2sp.org/tlog-tiles).
enum EntryBundle {
    /// The entries that a path names, or as many as there are.
    static func entries(_ path: TilePath, of pool: PostgresPool) async throws -> [UInt8] {
        guard let index = Int64(exactly: path.index), index <= Int64.max >> 8 else { return [] }
        var query = EventQuery()
        query.after = index * Int64(TileIndex.width)
        query.limit = path.width
        let events = try await EventLog(pool).read(query)
        var bytes: [UInt8] = []
        for event in events {
            let entry = event.entry
            bytes.append(UInt8(truncatingIfNeeded: entry.count >> 8))
            bytes.append(UInt8(truncatingIfNeeded: entry.count))
            bytes += entry
        }
        return bytes
    }

    /// How many entries a bundle has.
    static func count(_ bundle: [UInt8]) -> Int {
        var (count, place) = (0, 0)
        while place + 1 < bundle.count {
            place += 2 + (Int(bundle[place]) << 8 | Int(bundle[place + 1]))
            count += 1
        }
        return count
    }
}
