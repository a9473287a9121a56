import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection
import Postgres
import AccountsProjection

/// What `serve` sets up before it serves: an administrator and, in an empty directory, a demo organization.
struct FirstStart: Sendable {
    let administrator: String
    let isDemonstration: Bool

    /// - Returns: the account with the administrator's address, if it exists and is active.
    func run(_ database: Database) async throws -> UUID? {
        let role = try await database.setUp()
        return try await database.withProcessor(role: role) { processor in
            if let made = try await processor.submit(Bootstrap(email: administrator, newAccount: .version7(at: .now))) {
                database.logger.notice("an administrator was created", metadata: ["account": "\(made.text)"])
            }
            guard let account = try await account(database) else { return nil }
            if isDemonstration, try await hasNoOrganization(database) {
                _ = try await processor.submit(try CreateDemonstration(ownerEmail: administrator, now: .now))
            }
            return account
        }
    }

    private func account(_ database: Database) async throws -> UUID? {
        try await database.withSession("start") { session in
            let selection = Selection<String, UUID>({ try $0.uuid("id") }) {
                """
                select \($1) from \(Accounts.schemaName).current
                where email_key = \($0.text { $0 }) and status = 'ACTIVE'
                """
            }
            return try await session.select(selection, SearchText.emailKey(administrator)).first
        }
    }

    private func hasNoOrganization(_ database: Database) async throws -> Bool {
        try await database.withSession("start") { session in
            try await session.selectOne(
                Selection { try $0.bool("not exists (select from log.events where stream_type = 'ORGANIZATION')") })
        }
    }

    /// The organization to name in an example request by this account; `nil` if it has none.
    static func organization(of account: UUID, _ database: Database) async throws -> (id: UUID, isOnly: Bool)? {
        try await database.withSession("start") { session in
            let selection = Selection<UUID, UUID>({ try $0.uuid("organization") }) {
                """
                select \($1) from \(Grants.schemaName).current
                where account = \($0.uuid { $0 }) and organization <> \($0.uuid { _ in Grants.platform })
                group by organization order by min(created)
                """
            }
            let organizations = try await session.select(selection, account)
            return organizations.first.map { (id: $0, isOnly: organizations.count == 1) }
        }
    }
}
