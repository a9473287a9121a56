import ArgumentParser
import DirectoryAPI
import EventLog
import EventSourcing

struct Audit: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who changed what, and when.",
        discussion: """
            Reads the audit trail of the whole directory: whoever has access to the database sees everything in it. An \
            entry must match all filters; they are those of GET /api/v1/audit.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    @OptionGroup var trail: TrailFilterOptions

    @Option(help: ArgumentHelp("Only entries after this position, in the given order.", valueName: "position"))
    var after: String?

    @Option(help: ArgumentHelp("The maximum number of entries.", valueName: "count"))
    var limit = 100

    @Option(help: "Oldest (asc) or newest (desc) first (default: asc).")
    var order: String?

    @Flag(help: "One JSON object per line, as the API shows entries, instead of a table.")
    var json = false

    /// The maximum number of entries in a page.
    private static let page = 1000

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
        _ = try filter()
    }

    private func filter() throws -> AuditFilter { try trail.filter(["after": after, "order": order]) }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        let filter = try filter()
        let table = try await interruptible {
            try await location.withDatabase(create: false, settings, logger) { database in
                _ = try await database.withSession("audit") { try await LogIdentity.read($0) }
                return try await database.withPool("audit") { try await show(AuditTrail($0), filter) }
            }
        }
        if let table {
            try Terminal.write(Array(table.text(width: Terminal.outputIsTerminal ? Terminal.columns : nil).utf8))
        }
    }

    /// Writes entries as JSON, page by page, or collects them into a table, whose columns are as wide as their contents.
    private func show(_ trail: AuditTrail, _ filter: AuditFilter) async throws -> TextTable? {
        var filter = filter
        var table = TextTable(["POSITION", "TIME", "TYPE", "ACTOR", "TARGETS", "CHANGES"], rightAligned: [0])
        var left = limit
        while left > 0 {
            try Task.checkCancellation()
            filter.limit = min(left, Audit.page)
            let page = try await trail.page(filter)
            for entry in page.entries {
                if json {
                    try Terminal.write(entry.json + [UInt8(ascii: "\n")])
                } else {
                    table.add(entry.row)
                }
            }
            left -= page.entries.count
            guard !page.isComplete, let next = page.next else { break }
            filter.after = next
        }
        return json ? nil : table
    }
}

extension AuditEntry {
    /// The cells of the entry's row in a table.
    fileprivate var row: [String] {
        let actor = actor.name ?? actor.id?.text ?? actor.type
        let targets = targets.map { $0.name ?? $0.id.text }.joined(separator: ", ")
        let changes = changes.map { change in
            let sides = [change.from, change.to].map { $0.map(\.short) ?? "-" }
            return "\(change.field): \(sides.joined(separator: " → "))"
        }
        return ["\(position)", time.description, type, actor, targets, changes.joined(separator: "; ")]
    }
}
