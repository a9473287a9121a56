import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// What somebody reads of the audit trail.
public struct TrailReading: Sendable {
    /// How it is read.
    public enum Kind: Sendable {
        /// Page by page.
        case pages
        /// As a whole, in this format.
        case export(format: String)
    }

    public let kind: Kind
    /// The organization whose trail it is; `nil` where none was named.
    public let organization: UUID?
    /// Which entries are asked for; all, if `nil`.
    public let filter: JSON?

    public init(_ kind: Kind, of organization: UUID?, filter: JSON?) {
        self.kind = kind
        self.organization = organization
        self.filter = filter
    }
}

/// Records that somebody reads the audit trail. It is the directory's own record of a reading, not a change that the reader
/// makes: it is made for those who may only read, and in an INACTIVE organization too.
public struct RecordReading: Command {
    private let reading: TrailReading
    private let context: MutationContext

    /// - Parameter context: of the request that reads. Its preconditions do not matter.
    public init(_ reading: TrailReading, _ context: MutationContext) {
        self.reading = reading
        self.context = context
    }

    public var loads: [Load] {
        var loads = Authority.loads(context.caller)
        if case .id(let reader) = context.caller.subject { loads.append(.row(Readings.self, key(of: reader))) }
        return loads
    }

    /// - Throws: a refusal where the reader may not read that trail any longer.
    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, Void) {
        let caller = try Authority(context.caller, in: view)
        try caller.checkStatedOrganization()
        let author = Author(
            account: caller.id, role: try role(of: caller), key: context.caller.key?.id, origin: context.origin)
        let key = key(of: caller.id)
        let happened: TrailEvent
        var writes: [SideWrite] = []
        switch reading.kind {
        case .pages:
            if try view.row(Readings.self, key)?.covers(now) == true { return (Decision([], by: author), ()) }
            happened = .read(filter: reading.filter.map { .value($0) })
            writes = [SideWrite(Readings.self, key) { RecordedReading(at: $0.at) }]
        case .export(let format): happened = .exported(format: format, filter: reading.filter.map { .value($0) })
        }
        let entity = EntityReference(
            reading.organization == nil ? .account : .organization, reading.organization ?? caller.id)
        let event = DirectoryEvent.trail(entity, organization: reading.organization, happened)
        return (Decision([Proposed(event)], by: author, writing: writes), ())
    }

    /// - Returns: the position of the record; `nil` where the same reading was recorded within the last minute.
    public func respond(_ view: View, _ outcome: Outcome, _ memo: Void) throws -> Position? { outcome.first }

    private func key(of reader: UUID) -> Readings.Key {
        Readings.Key(
            reader: reader,
            digest: Readings.digest(filter: reading.filter, confinedTo: context.caller.claimedOrganization))
    }

    /// The highest role by which the reading is permitted.
    private func role(of caller: Authority) throws -> String {
        guard let organization = reading.organization else {
            // A caller who may read no organization's trail reads what happened to their own account.
            do { return try caller.roleAnywhere(for: .readTrail, "") } catch is Refusal { return Roles().highest }
        }
        return try caller.role(
            for: .readTrail, in: organization, else: "organization",
            "Only OWNER, ADMIN and AUDITOR may read the trail of an organization.")
    }
}
