import AccountsProjection
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import Postgres

/// The statements that read one account that the caller sees.
enum AccountReads {
    /// By its id.
    static let byID = one { (p: ReadParameters<UUID>) in "a.id = \(p.uuid { $0.argument })" }

    /// By the key of its e-mail address.
    static let byEmail = one { (p: ReadParameters<String>) in "a.email_key = \(p.text { $0.argument })" }

    /// The caller's.
    static let own = one { (_: ReadParameters<Void>) in "a.id = ctx.id" }

    private static func one<Argument>(
        _ condition: @escaping (ReadParameters<Argument>) -> String
    ) -> ReadStatement<Argument, ReadRow<AccountVersion?>> {
        ReadStatement(isPoint: true) { columns, sql, caller in
            ReadRow(
                facts: try CallerFacts(context: &columns, sql, caller),
                value: try columns.ifPresent("a.id is not null") { try AccountVersion(&$0, sql) })
        } _: { sql, parameters, columns in
            """
            with \(sql.context(parameters.stated(), sql.sight)) select \(columns) from ctx
            left join \(sql.rows(Accounts.self)) a
            on \(condition(parameters)) and (\(isShown(parameters)) or \(sql.sees(account: "a")))
            """
        }
    }
}

extension AccountReads {
    /// Whether the account is shown whatever the caller sees today: the change that this answers may have ended that.
    private static func isShown<Argument>(_ parameters: ReadParameters<Argument>) -> String {
        parameters.bool { !$0.moment.dependsOnRights }
    }
}

/// The columns of an account `a`, as the caller in the table `ctx` sees it.
struct AccountColumns: Sendable {
    private let json: [UInt8]
    private let sections: Sections
    fileprivate let isPrivate: Bool

    init(_ columns: inout Columns, _ sql: ReadSQL) throws {
        let isPrivate = "(\(sql.isItself("a.id")) or ctx.sees_all)"
        json = try columns.bytes("a.json")
        sections = try Sections(Section.of(.account), &columns, sql, "a", if: isPrivate)
        self.isPrivate = try columns.bool(isPrivate)
    }

    /// As the caller sees it.
    var rendered: [UInt8] { Rendering.account(json, sections, isPrivate: isPrivate) }
}

/// An account `a` with what its tag is made of, which lists do without.
struct AccountVersion: Sendable {
    let columns: AccountColumns
    private let since: Position
    private let grantsChanged: Position

    init(_ columns: inout Columns, _ sql: ReadSQL) throws {
        self.columns = try AccountColumns(&columns, sql)
        since = try columns.int(sql.since("a"))
        grantsChanged = try columns.int("ctx.tag_grants")
    }

    /// Its tag for the caller.
    var tag: EntityTag { EntityTag(since, grants: grantsChanged, showsHidden: columns.isPrivate) }
}

extension APIRequest {
    /// Reads an account by whatever the path names it.
    func account(_ reference: AccountReference, at moment: Moment) async throws -> APIResponse {
        switch reference {
        case .id(let id): try reply(try await AccountReads.byID.one(service.reads, caller, moment, id))
        case .email(let email):
            try reply(
                try await AccountReads.byEmail.one(service.reads, caller, moment, SearchText.emailKey(email)))
        }
    }

    /// Reads the caller's account.
    func ownAccount(at moment: Moment) async throws -> APIResponse {
        try reply(try await AccountReads.own.one(service.reads, caller, moment))
    }

    private func reply(_ found: ReadRow<AccountVersion?>) throws -> APIResponse {
        try found.facts.checkStatedOrganization()
        guard let account = found.value else { throw Refusal.notFound("account") }
        return APIResponse(.json(account.columns.rendered), tag: account.tag, for: found.facts)
    }
}
