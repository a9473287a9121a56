import ArgumentParser
import CanonicalJSON
import DirectoryAPI
import EventSourcing
import Foundation

struct Diff: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show what differs of an organization between two moments.",
        discussion: """
            Who joined, left or moved, whose title, name, type or profile changed, who got into which groups: the net \
            difference, as GET /api/v1/audit/diff shows it. A moment is a time such as 2026-11-24T07:00:00Z, or a position of \
            the log. The positions at the end of a line are those of the events that made the difference; \
            `directory audit --after POSITION-1 --limit 1` shows who did it.

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: ArgumentHelp("The organization's id or alias.", valueName: "id"))
    var organization: String

    @Option(help: ArgumentHelp("The earlier moment; 0 for the beginning.", valueName: "moment"))
    var from: String

    @Option(help: ArgumentHelp("The later moment (default: now).", valueName: "moment"))
    var to: String?

    @Flag(help: "Times are those at which changes took effect, and not those at which they were recorded.")
    var effective = false

    @Flag(help: "One JSON object per line, as the API shows entities, instead of a table.")
    var json = false

    func validate() throws {
        for (option, moment) in [("--from", from), ("--to", to)] {
            guard let moment else { continue }
            guard let isTime = AuditDiff.isTime(moment) else {
                throw ValidationError(
                    "\(option) must be a time such as 2026-11-24T07:00:00Z, or a position of the log.")
            }
            guard isTime || !effective else { throw ValidationError("With --effective, \(option) must be a time.") }
        }
    }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        let table = try await interruptible {
            try await location.withDatabase(create: false, settings, logger) { database in
                _ = try await database.withSession("diff") { try await LogIdentity.read($0) }
                return try await database.withPool("diff") { try await show(AuditDiff($0)) }
            }
        }
        if let table {
            try Terminal.write(Array(table.text(width: Terminal.outputIsTerminal ? Terminal.columns : nil).utf8))
        }
    }

    /// Writes what differs as JSON, some entities at a time, or collects it into a table, whose columns are as wide as their
    /// contents.
    private func show(_ diff: AuditDiff) async throws -> TextTable? {
        let organization = try await diff.organization(self.organization)
        let place = effective ? organization : nil
        let from = try await diff.position(self.from, effectiveIn: place)
        let to = try await diff.position(self.to, effectiveIn: place)
        guard from <= to else { throw Failure("--from is after --to.") }
        var table = TextTable(["NAME", "ENTITY", "FIELD", "FROM", "TO", "POSITIONS"])
        try await diff.read(organization, from: from, to: to) { differences in
            if json {
                for difference in differences { try Terminal.write(difference.json + [UInt8(ascii: "\n")]) }
            } else {
                let names = try await diff.names(of: Set(differences.flatMap(\.related)))
                for row in differences.flatMap({ $0.rows(names) }) { table.add(row) }
            }
        }
        return json ? nil : table
    }
}

extension AuditDifference {
    /// The ids that the values have, which may be those of other entities.
    fileprivate var related: [UUID] {
        fields.flatMap { [$0.change.from, $0.change.to] }.flatMap { value -> [UUID] in
            let texts = value?.members.map { $0.map(\.value.string) } ?? [value?.string]
            return texts.compactMap { $0.flatMap { UUID(uuidString: $0) } }
        }
    }

    /// The cells of the rows of a table: one for each field that differs.
    fileprivate func rows(_ names: [UUID: String]) -> [[String]] {
        fields.map { field in
            let sides = [field.change.from, field.change.to].map { $0.map { AuditDifference.text($0, names) } ?? "-" }
            return [name ?? entity.id.text, entity.kind.rawValue, field.change.field] + sides
                + [field.positions.map(String.init).joined(separator: " ")]
        }
    }

    /// A value for display: of an element its values, of an entity its name.
    private static func text(_ value: JSON, _ names: [UUID: String]) -> String {
        func shown(_ value: JSON) -> String {
            value.string.flatMap { UUID(uuidString: $0) }.flatMap { names[$0] } ?? value.short
        }
        return value.members.map { $0.map { shown($0.value) }.joined(separator: " ") } ?? shown(value)
    }
}
