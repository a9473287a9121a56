import AccountsProjection
import ArgumentParser
import DirectoryAPI
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection
import Postgres

struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print a bearer token for an account.",
        discussion: """
            The token is signed with the service's own secret. Nothing else is written to stdout:

              curl -H "Authorization: Bearer $(directory token --data-dir DIR --account you@example.com)" …

            \(Variable.help(Variable.common + [.keys, .jwtSecret, .jwtIssuer, .jwtAudience]))
            """)

    @OptionGroup var database: DatabaseOptions

    @Option(help: ArgumentHelp("The account's e-mail address or id.", valueName: "email"))
    var account: String

    @Option(help: ArgumentHelp("Restrict the token to this organization.", valueName: "id"))
    var organization: String?

    @Option(help: ArgumentHelp("How long it is valid: 90s, 15m, 12h or 30d.", valueName: "duration"))
    var ttl = "12h"

    func run() async throws {
        let settings = try Settings.current()
        let logger = settings.logger(usually: .warning)
        settings.warnOfUnknown(logger)
        let location = try database.location(settings)
        guard let lifetime = TimeText.seconds(ttl), lifetime > 0 else {
            throw ValidationError("--ttl is \"\(ttl)\"; it must be a duration like 90s, 15m, 12h or 30d.")
        }
        let organization = try organization.map { text in
            guard let id = UUID(text: text) else { throw ValidationError("--organization must be a UUID.") }
            return id
        }
        let token = try await interruptible {
            try await location.withDatabase(create: false, settings, logger) { database in
                try await database.withSession("token") { session in
                    let log = try await LogIdentity.read(session)
                    let secret = try KeyFolder(for: database, log: log).jwtSecret(settings)
                    let subject = try await subject(session)
                    if let organization { try await check(organization, session) }
                    return try await TokenIssuer(secret: secret).token(
                        subject: subject.text, organization: organization,
                        expires: Date().timeIntervalSince1970.rounded(.up) + Double(lifetime),
                        issuer: settings.jwtIssuer, audience: settings.jwtAudience)
                }
            }
        }
        try Terminal.print(token)
    }

    /// The id of the account, which must be active.
    private func subject(_ session: PostgresSession) async throws -> UUID {
        let selection = Selection<String, (id: UUID, status: String)>(
            { (id: try $0.uuid("id"), status: try $0.text("status")) },
            { account, columns in
                let id = account.uuid { UUID(text: $0) }
                let key = account.text { UUID(text: $0) == nil ? SearchText.emailKey($0) : nil }
                return """
                    select \(columns) from \(Accounts.schemaName).current where id = \(id) or email_key = \(key)
                    order by status
                    """
            })
        guard let found = try await session.select(selection, account).first else {
            throw Failure("There is no account \(account).")
        }
        guard found.status == "ACTIVE" else { throw Failure("The account \(account) is not active.") }
        return found.id
    }

    private func check(_ organization: UUID, _ session: PostgresSession) async throws {
        let rows = try await session.query(
            Query<UUID> { "select from \(Organizations.schemaName).current where id = \($0.uuid { $0 })" }, organization
        )
        guard !rows.isEmpty else { throw Failure("There is no organization \(organization.text).") }
    }
}
