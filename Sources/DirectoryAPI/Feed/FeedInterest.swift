import Directory
import EventLog
import FoundationEssentials

/// Which events a stream has to look at, as far as their marks tell: all that it may have to send, and all that may end its
/// rights. A statement says what it does send, and to which reader.
struct FeedInterest: Sendable {
    /// An organization or entity that an event must mention; `nil` for any.
    private let about: UUID?
    private let type: String?
    private let actor: UUID?
    /// The reader's account, and the key that signed its token: whatever happens to them.
    private let own: [UUID]

    init(_ filter: AuditFilter, _ caller: Caller, account: UUID?) {
        about = filter.entity ?? filter.organization ?? caller.claimedOrganization
        type = filter.type
        if case .account(let account)? = filter.actor { actor = account } else { actor = nil }
        own = [account, caller.key?.id].compactMap(\.self)
    }

    private init() { (about, type, actor, own) = (nil, nil, nil, []) }

    /// Every event.
    static let everything = FeedInterest()

    /// One of which an event that concerns it mentions at least one; `nil` if it need not mention any.
    var mentioned: [UUID]? { about.map { [$0] + own } }

    func concerns(_ mark: EventMark) -> Bool {
        if own.contains(where: mark.mentions) { return true }
        if let about, !mark.mentions(about) { return false }
        if let actor, mark.actor != actor { return false }
        guard let type else { return true }
        return type.hasSuffix("*") ? mark.type.hasPrefix(type.dropLast()) : mark.type == type
    }
}

extension EventMark {
    /// What it mentions. Ids of different kinds are never the same.
    var mentions: [UUID] { [stream, organization, related].compactMap(\.self) }

    func mentions(_ id: UUID) -> Bool { stream == id || organization == id || related == id }
}
