import AccountsProjection
import CommandProcessor
import Directory
import DirectoryAPI
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection
import Postgres
import ReadModels

/// Imports a roster into an organization: decides all rows without changing anything, then carries out what that plan says, run by
/// run. Where nothing is to change, nothing is recorded.
struct RosterImport: Sendable {
    let file: RosterFile
    let target: ImportTarget
    let isDryRun: Bool
    let skipsBadRows: Bool
    let progress: Progress

    /// The outcome of an import.
    struct Report: Sendable {
        let plan: RosterPlan
        /// `nil` where it would be made, but was not.
        let organization: UUID?
        /// How many events resulted.
        let events: Int
    }

    func run(_ database: Database, role: String?) async throws -> Report {
        try await database.withImportLock { session in
            let organization = try await organization(session)
            let start = startTarget(organization)
            let plan = try await database.withSession("import") { try await self.plan(start, $0) }
            guard !isDryRun, !plan.lines.isEmpty, plan.faults.isEmpty || skipsBadRows else {
                return Report(plan: plan, organization: organization, events: 0)
            }
            return try await database.withProcessor(role: role) { try await carryOut(plan, start, $0) }
        }
    }

    // MARK: Planning

    /// Decides all rows in one transaction that only reads.
    private func plan(_ start: StartImport.Target, _ session: PostgresSession) async throws -> RosterPlan {
        try await session.execute(script: "begin isolation level repeatable read read only")
        let view = View()
        var loaded: [Load] = []
        while true {
            do {
                return try file.plan(for: start, view, at: .now)
            } catch let missing as Missing where missing.loads != loaded {
                // What is still missing when it has been loaded will never be there.
                loaded = missing.loads
                let reads = DirectoryNode.readModels.reads(missing.loads)
                for (read, rows) in zip(reads, try await session.send(reads.map { $0.step })) {
                    try read.insert(rows, into: view)
                }
            }
        }
    }

    /// The organization to import into, if it exists: one that has the name and the OWNER is not made a second time.
    private func organization(_ session: PostgresSession) async throws -> UUID? {
        guard case .new(let name, let ownerEmail) = target else {
            if case .existing(let id) = target { return id }
            return nil
        }
        let selection = Selection<(name: String, owner: String), UUID>({ try $0.uuid("o.id") }) {
            """
            select \($1) from \(Organizations.schemaName).current o
                join \(Grants.schemaName).current g on g.organization = o.id and g.role = 'OWNER'
                join \(Accounts.schemaName).current a on a.id = g.account
            where a.email_key = \($0.text { $0.owner }) and o.json ->> 'name' = \($0.text { $0.name })
            """
        }
        let found = try await session.select(selection, (name, SearchText.emailKey(ownerEmail)))
        guard found.count <= 1 else {
            throw Failure(
                "\(ownerEmail) is OWNER of \(found.count) organizations named \(name): say which one with --organization."
            )
        }
        return found.first
    }

    private func startTarget(_ organization: UUID?) -> StartImport.Target {
        switch (organization, target) {
        case (let id?, _), (nil, .existing(let id)): .organization(id)
        case (nil, .new(let name, let ownerEmail)):
            .new(.version7(at: .now), name: name, ownerEmail: ownerEmail, ownerID: .version7(at: .now))
        }
    }

    // MARK: Carrying out

    private func carryOut(
        _ plan: RosterPlan, _ start: StartImport.Target, _ processor: CommandProcessor<DirectoryEvent>
    ) async throws -> Report {
        let id = UUID.version7(at: .now)
        let organization = try await processor.submit(StartImport(id, of: file.record, into: start))
        var rest = plan.lines[...]
        var events = 0
        while !rest.isEmpty {
            try Task.checkCancellation()
            let run = rest.prefix(ImportLines.most)
            do {
                events += try await processor.submit(ImportLines(run, of: id, into: organization, now: .now))
            } catch let refused as RefusedLine {
                // Decided before on another state.
                throw Failure(
                    "\(refused). The directory was changed by somebody else meanwhile, and a part was imported: run it again."
                )
            }
            rest = rest.dropFirst(run.count)
            progress.show(Int64(plan.lines.count - rest.count), of: Int64(plan.lines.count))
        }
        _ = try await processor.submit(EndImport.completed(id, of: file.record, in: organization))
        return Report(plan: plan, organization: organization, events: events)
    }
}
