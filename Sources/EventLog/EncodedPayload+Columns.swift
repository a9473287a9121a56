import CanonicalJSON
import EventSourcing
import Postgres

extension EncodedPayload {
    /// The columns of the payload of an event of `log.events` by an alias: without hashes, salts and origins.
    public init(_ columns: inout Columns, of event: String = "e") throws(PostgresError) {
        self.init(
            type: try columns.text("\(event).type"), schema: Int(try columns.int("\(event).schema")),
            organization: try columns.uuidIfPresent("\(event).organization"),
            stream: try columns.uuid("\(event).stream"), streamType: try columns.text("\(event).stream_type"),
            related: try columns.uuidIfPresent("\(event).related"),
            data: try JSON(stored: columns.bytesIfPresent("\(event).data")),
            sealed: try JSON(stored: columns.bytesIfPresent("\(event).sealed")),
            isErased: try columns.bool("\(event).sealed is null and \(event).sealed_hash is not null"))
    }
}
