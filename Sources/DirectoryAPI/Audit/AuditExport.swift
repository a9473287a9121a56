import Directory
import EventLog
import EventSourcing
import Postgres

/// An export of the trail, page by page: the entries that there were when it began, oldest first.
public struct AuditExport: Sendable {
    /// The formats.
    public enum Format: String, Sendable, CaseIterable {
        /// An entry a line.
        case ndjson
        /// A row for each change of each entry.
        case csv
        /// A CloudEvent a line.
        case cloudevents

        /// The media type, without parameters.
        var mediaType: String {
            switch self {
            case .ndjson, .cloudevents: "application/x-ndjson"
            case .csv: "text/csv"
            }
        }
    }

    /// A part of an export.
    public struct Page: Sendable {
        /// Whole lines; none where nothing matched among the events that were examined.
        public let bytes: [UInt8]
        /// Where the export goes on; `nil` after the last page.
        public let next: Position?
    }

    /// How many entries are read at a time.
    private static let pageSize = 256

    private let filter: AuditFilter
    private let format: Format
    /// Where CloudEvents come from.
    private let source: String
    /// Reads a page of the trail, with the rights that its reader has by then.
    private let read: @Sendable (AuditFilter) async throws -> AuditTrail.Page

    /// Begins an export for a reader who may see everything: someone with access to the database.
    /// - Parameter filter: `after` says where it begins; its order and limit do not matter.
    /// - Returns: it, and its first page.
    public static func begin(
        _ filter: AuditFilter, as format: Format, from pool: PostgresPool
    ) async throws -> (export: AuditExport, first: Page) {
        let trail = AuditTrail(pool), source = try await CloudEventSource.read(pool)
        let first = try await trail.page(first(filter))
        let export = AuditExport(filter, format, source, through: first.position) { try await trail.page($0) }
        return (export, export.opening(first))
    }

    /// Begins an export for a caller.
    /// - Returns: it, its first page, and what was found out about the reading.
    /// - Throws: refusals, as described by `AuditRights`.
    static func begin(
        _ filter: AuditFilter, as format: Format, from pool: PostgresPool, for caller: Caller
    ) async throws -> (export: AuditExport, first: Page, reading: AuditTrail.Reading) {
        let trail = AuditTrail(pool), source = try await CloudEventSource.read(pool)
        let reading = try await trail.page(first(filter), for: caller)
        let export = AuditExport(filter, format, source, through: reading.page.position) {
            try await trail.page($0, for: caller).page
        }
        return (export, export.opening(reading.page), reading)
    }

    private init(
        _ filter: AuditFilter, _ format: Format, _ source: String, through: Position,
        _ read: @escaping @Sendable (AuditFilter) async throws -> AuditTrail.Page
    ) {
        var filter = AuditExport.first(filter)
        filter.through = through
        (self.filter, self.format, self.source, self.read) = (filter, format, source, read)
    }

    private static func first(_ filter: AuditFilter) -> AuditFilter {
        var filter = filter
        (filter.limit, filter.order) = (pageSize, .ascending)
        return filter
    }

    /// Reads a page.
    /// - Throws: a refusal, where the reader may not read the trail any longer.
    public func page(after position: Position) async throws -> Page {
        var filter = filter
        filter.after = position
        return page(try await read(filter), after: [])
    }

    /// The value of `Content-Type`.
    var contentType: String {
        switch format {
        case .ndjson, .cloudevents: format.mediaType
        case .csv: "\(format.mediaType); charset=utf-8; header=\(hasHeader ? "present" : "absent")"
        }
    }

    /// A table that goes on with another has no header, so that both together are one.
    private var hasHeader: Bool { format == .csv && filter.after == 0 }

    private func opening(_ first: AuditTrail.Page) -> Page {
        page(first, after: hasHeader ? CSVRow(AuditEntry.csvColumns).line : [])
    }

    private func page(_ page: AuditTrail.Page, after header: [UInt8]) -> Page {
        var bytes = header
        bytes.reserveCapacity(header.count + page.entries.count * 1024)
        for entry in page.entries {
            switch format {
            case .ndjson: bytes += entry.json + [UInt8(ascii: "\n")]
            case .csv: for row in entry.csvRows { bytes += row.line }
            case .cloudevents: bytes += entry.cloudEvent(from: source) + [UInt8(ascii: "\n")]
            }
        }
        return Page(bytes: bytes, next: page.isComplete ? nil : page.next)
    }
}

extension APIRequest {
    /// Answers an export of the trail, which is recorded before its first byte.
    func exportAudit(_ filter: AuditFilter) async throws -> APIResponse {
        let format = query("format").flatMap { AuditExport.Format(rawValue: $0) } ?? .ndjson
        let (export, first, reading) = try await AuditExport.begin(
            filter, as: format, from: service.walks, for: caller)
        try await record(.export(format: format.rawValue), of: reading.organization, filter)
        return APIResponse(body: .export(first, export), position: reading.page.position)
    }
}
