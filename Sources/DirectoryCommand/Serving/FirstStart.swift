import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import GrantsProjection
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
                _ = try await processor.submit(CreateDemonstration(owner: account, now: .now))
            }
            return account
        }
    }

    private func account(_ database: Database) async throws -> UUID? {
        try await database.withSession("start") { session in
            let rows = try await session.query(
                .init("select id from \(Accounts.schemaName).current where email_key = $1 and status = 'ACTIVE'"),
                [.text(SearchText.emailKey(administrator))])
            return try rows.first?.uuid(0)
        }
    }

    private func hasNoOrganization(_ database: Database) async throws -> Bool {
        try await database.withSession("start") { session in
            try await session.query("select not exists (select from log.events where stream_type = 'ORGANIZATION')")[0]
                .bool(0)
        }
    }

    /// The organization to name in an example request by this account; `nil` if it has none.
    static func organization(of account: UUID, _ database: Database) async throws -> (id: UUID, isOnly: Bool)? {
        try await database.withSession("start") { session in
            let rows = try await session.query(
                .init(
                    """
                    select organization, min(created) from \(Grants.schemaName).current
                    where account = $1 and organization <> $2
                    group by organization order by 2
                    """), [.uuid(account), .uuid(Grants.platform)])
            return try rows.first.map { (id: try $0.uuid(0), isOnly: rows.count == 1) }
        }
    }
}
