import AccountsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// How a path names an account.
public enum AccountReference: Sendable {
    /// By its id.
    case id(UUID)
    /// By its e-mail address, in whatever case.
    case email(String)

    /// Reads a path parameter: an id, else an address.
    public init(_ text: String) { self = UUID(text: text).map { .id($0) } ?? .email(text) }

    /// What reads the account.
    var load: Load {
        switch self {
        case .id(let id): .row(Accounts.self, id)
        case .email(let email): .account(email: email)
        }
    }
}

extension View {
    /// The account that a reference names, whoever asks.
    func account(_ reference: AccountReference) throws -> Versioned<Account>? {
        switch reference {
        case .id(let id): try version(Accounts.self, id)
        case .email(let email): try account(email: email).flatMap { try version(Accounts.self, $0.id) }
        }
    }

    /// An account that the caller sees.
    func visibleAccount(_ reference: AccountReference, _ caller: Authority) throws -> Versioned<Account>? {
        try account(reference).flatMap { try visibleAccount($0.row.id, caller) }
    }

    /// The permit to change an account, with the caller's role.
    func permit(_ account: Versioned<Account>, by role: String, _ caller: Authority) throws -> Permit<Account> {
        Permit(account.row, by: role, entity: account.row.id, organization: nil, tag: try tag(account, for: caller))
    }
}
