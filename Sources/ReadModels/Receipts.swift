import EventSourcing
import Postgres

/// The table of receipts of idempotent requests.
public enum Receipts {
    static func read(_ digests: [[UInt8]]) -> Read {
        var array = ArrayBuilder(of: .bytea, capacity: digests.count)
        for digest in digests { array.append(bytes: digest) }
        return Read(
            statement:
                "select digest, fingerprint, entity, position, recorded_at from log.receipts where digest = any($1)",
            parameters: [.array(array)]
        ) { rows, view in
            for digest in digests { view.insert(nil, under: digest) }
            for index in 0..<rows.count {
                let row = rows[index]
                let receipt = Receipt(
                    digest: try row.bytes(0), fingerprint: try row.bytes(1), entity: try row.uuid(2))
                let at = Instant(microseconds: try row.microseconds(4))
                view.insert(KeptReceipt(receipt, position: try row.int(3), at: at), under: receipt.digest)
            }
        }
    }

    /// The statement that keeps receipts, in the transaction that appends their events. One that has expired is replaced.
    public static func write(_ receipts: [KeptReceipt]) -> (Statement, [Parameter]) {
        var digests = ArrayBuilder(of: .bytea), fingerprints = ArrayBuilder(of: .bytea)
        var entities = ArrayBuilder(of: .uuid), positions = ArrayBuilder(of: .int8)
        var instants = ArrayBuilder(of: .timestamptz)
        for kept in receipts {
            digests.append(bytes: kept.receipt.digest)
            fingerprints.append(bytes: kept.receipt.fingerprint)
            entities.append(uuid: kept.receipt.entity)
            positions.append(int8: kept.position)
            instants.append(microseconds: kept.at.microseconds)
        }
        return (
            """
            insert into log.receipts (digest, fingerprint, entity, position, recorded_at)
            select * from unnest($1::bytea[], $2::bytea[], $3::uuid[], $4::bigint[], $5::timestamptz[])
            on conflict (digest) do update set fingerprint = excluded.fingerprint, entity = excluded.entity,
                position = excluded.position, recorded_at = excluded.recorded_at
            """,
            [digests, fingerprints, entities, positions, instants].map { .array($0) }
        )
    }

    /// The statement that forgets receipts which count no more.
    public static func expire(before instant: Instant) -> (Statement, [Parameter]) {
        ("delete from log.receipts where recorded_at < $1", [.timestamptz(microseconds: instant.microseconds)])
    }
}
