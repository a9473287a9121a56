import AccountsProjection
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

/// The statements that read one account: `$3` the stated organization, `$4` the token's claim, then what it is found by.
enum AccountReads {
    private static func one(_ condition: String, _ parameters: [ElementType]) -> ReadStatement {
        ReadStatement(point: [.uuid, .uuid] + parameters) { variant in
            """
            with \(variant.context("$3::uuid", variant.sight("$4")))
            select \(variant.contextColumns), \(variant.account("a", claim: "$4"))
            from ctx left join \(variant.rows(Accounts.self)) a on \(condition) and \(variant.sees("a"))
            """
        }
    }

    /// By id `$5`.
    static let byID = one("a.id = $5", [.uuid])

    /// By the key of its e-mail address `$5`.
    static let byEmail = one("a.email_key = $5", [.text])

    /// The caller's.
    static let own = one("a.id = ctx.id", [])
}

/// An account as it was read.
struct AccountRead: Sendable {
    /// Its finished JSON, as the caller may see it.
    let json: [UInt8]
    /// Its tag for the caller.
    let tag: EntityTag

    /// Reads the columns of `ReadVariant.account`, which begin there; `nil` where there is none.
    init?(_ row: Row, from column: Int) throws {
        guard let json = try row.bytesIfPresent(column) else { return nil }
        let grants = try row.bytes(column + 1)
        self.json = Rendering.account(
            json, grants: grants.isEmpty ? [] : [grants], preferences: try row.bool(column + 2))
        tag = EntityTag(try row.int(column + 3), grants: try row.int(column + 4))
    }
}

extension APIRequest {
    /// Reads an account, of the present or a position.
    func account(_ reference: AccountReference, at position: Position? = nil) async throws -> Reply {
        switch reference {
        case .id(let id): try await account(AccountReads.byID, at: position, [.uuid(id)])
        case .email(let email):
            try await account(AccountReads.byEmail, at: position, [.text(SearchText.emailKey(email))])
        }
    }

    /// Reads the one account that a statement finds.
    func account(_ statement: ReadStatement, at position: Position? = nil, _ parameters: [Parameter] = []) async throws
        -> Reply
    {
        let rows = try await statement.run(
            service.reads, caller, at: position,
            [.uuid(caller.statedOrganization), .uuid(caller.claimedOrganization)] + parameters)
        let facts = try statedOrganization(rows[0])
        guard let account = try AccountRead(rows[0], from: 6) else { throw Refusal.notFound("account") }
        return Reply(body: .json(account.json), tag: account.tag, position: facts.position)
    }
}
