import ArgumentParser
import DirectoryAPI
import Foundation
import ReadModels

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild",
        abstract: "Rebuild read models from the log and compare them with those being served.",
        discussion: """
            The service may answer and write at the same time. New tables are filled alongside the old ones and replace \
            them in one transaction at the end, so a rebuild can be interrupted and repeated at any time. The output has \
            one line per table with its row count and the number of rows that differ from those being served; if any \
            differ, the exit status is 1 and the old tables are kept.

            Projections: \(DirectoryNode.readModels.models.map(\.name).joined(separator: ", ")).

            \(Variable.help(Variable.common))
            """)

    @OptionGroup var database: DatabaseOptions

    @Argument(help: ArgumentHelp("The projections to rebuild (default: all).", valueName: "projection"))
    var projections: [String] = []

    func validate() throws {
        let known = DirectoryNode.readModels.models.map(\.name)
        for name in projections where !known.contains(name) {
            throw ValidationError(
                "There is no projection \"\(name)\"; the projections are \(known.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        let projections = projections.isEmpty ? nil : Set(projections)
        let progress = Progress("Rebuilding", "events")
        let report = try await interruptible {
            try await location.withDatabase(create: false, settings, logger) { database in
                _ = try await database.withSession("rebuild") { try await LogIdentity.read($0) }
                // The tables to compare with must exist and be of this version.
                _ = try await database.setUp()
                let rebuild = Rebuild(
                    readModels: DirectoryNode.readModels, configuration: database.configuration("rebuild"),
                    logger: logger)
                defer { progress.end() }
                return try await rebuild.run(projections: projections) { progress.show($0.done, of: $0.total) }
            }
        }
        try show(report)
        guard report.mismatches == 0 else {
            throw Failure("\(report.mismatches) rows differ from those being served; the old tables are kept.")
        }
    }

    private func show(_ report: RebuildReport) throws {
        var table = TextTable(["TABLE", "ROWS", "DIFFERING"], rightAligned: [1, 2])
        for row in report.tables {
            table.add([
                row.name, Progress.grouped(Int64(row.rows)), row.differing.map { Progress.grouped(Int64($0)) } ?? "new",
            ])
        }
        try Terminal.write(Array(table.text(width: nil).utf8))
        let seconds = Progress.seconds(report.duration)
        let rate = seconds > 0 ? Int64(Double(report.events) / seconds) : 0
        try Terminal.print(
            """
            \(Progress.grouped(Int64(report.events))) events in \(String(format: "%.1f", seconds)) s \
            (\(Progress.grouped(rate)) a second), up to position \(report.head)
            """)
    }
}
