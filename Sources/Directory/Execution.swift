import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// An event to be appended, of this domain.
public typealias ProposedEvent = Proposed<DirectoryEvent>

/// Everything about a request that its mutation need not know.
public struct MutationContext: Sendable {
    /// Who calls.
    public var caller: Caller
    /// Where the request came from, for the audit trail.
    public var origin: JSON
    /// `If-Match` and `If-None-Match`.
    public var preconditions: [Precondition]
    /// `Idempotency-Key`, with what it belongs to.
    public var idempotency: Idempotency?

    /// A request, part by part.
    public init(caller: Caller, origin: JSON, preconditions: [Precondition] = [], idempotency: Idempotency? = nil) {
        self.caller = caller
        self.origin = origin
        self.preconditions = preconditions
        self.idempotency = idempotency
    }
}

/// An idempotency key: it belongs to account, credential, method, path and organization.
public struct Idempotency: Sendable {
    /// Credential (`kid`), method, path and key, one a line.
    private let scope: String
    /// A keyed digest of the body.
    let fingerprint: [UInt8]
    private let secrets: SecretKeys

    /// A key in its scope.
    /// - Parameter secrets: digest what is kept of the request: its path and its body may have a person's address.
    public init(
        credential: String, method: String, path: String, key: String, body: [UInt8], digestedBy secrets: SecretKeys
    ) {
        scope = [credential, method, path, key].joined(separator: "\n")
        fingerprint = secrets.digest(ofRequest: body)
        self.secrets = secrets
    }

    func digest(account: UUID, organization: UUID?) -> [UInt8] {
        secrets.digest(ofRequest: Array("\(account.text)\n\(organization?.text ?? "")\n\(scope)".utf8))
    }
}

/// A mutation that was carried out, or had been before.
public enum MutationOutcome<Representation: Sendable>: Sendable {
    /// It was carried out, or changed nothing.
    case done(Representation, entity: UUID, position: Position)
    /// It removed what is shown.
    case removed(Representation, entity: UUID, position: Position)
    /// The entity is to be read as of that position: it is too large to be rendered between two commits, or the request
    /// repeats an earlier one, whose response showed it so.
    case toRead(entity: UUID, position: Position)
}

/// A mutation as the command processor carries it out: authority, repeats and preconditions are checked in one order for all.
public struct Execute<M: Mutation, Representation: Sendable>: Command {
    /// Renders what the caller is shown of an entity after its change; `nil` where it is so large that it is to be read.
    public typealias Show = @Sendable (View, Authority, UUID) throws -> Representation?

    private let mutation: M
    private let context: MutationContext
    private let show: Show

    /// A mutation, as a request asks for it.
    /// - Parameter show: what the caller gets of the entity that was changed or created.
    public init(_ mutation: M, _ context: MutationContext, show: @escaping Show) {
        self.mutation = mutation
        self.context = context
        self.show = show
    }

    public var loads: [Load] { Authority.loads(context.caller) + mutation.loads }

    /// What is noted for the response when the mutation is decided.
    public enum Memo: Sendable {
        /// It changes or creates this entity, for this account; what it removes, if anything, is shown as it was.
        case entity(UUID, caller: UUID, removed: Representation?)
        /// It repeats the request of this receipt.
        case receipt(Receipt)
    }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, Memo) {
        let caller = try Authority(context.caller, in: view)
        try caller.checkStatedOrganization()
        let permit = try mutation.authorize(view, caller)
        try caller.checkMayChange()
        let author = Author(
            account: caller.id, role: permit.role, key: context.caller.key?.id, origin: context.origin)
        var writes: [SideWrite] = []
        if let idempotency = context.idempotency {
            let digest = idempotency.digest(account: caller.id, organization: permit.organization)
            if let receipt = try view.row(Receipts.self, digest), receipt.isValid(at: now) {
                guard receipt.agrees(with: idempotency.fingerprint) else {
                    throw Refusal.rule("This Idempotency-Key was used with another body.")
                }
                return (Decision([], by: author), .receipt(receipt))
            }
            let entity = permit.entity
            let write = SideWrite(Receipts.self, digest) {
                Receipt(fingerprint: idempotency.fingerprint, entity: entity, position: $0.last, at: $0.at)
            }
            writes = [write]
        }
        guard context.preconditions.allSatisfy({ $0.isMet(by: permit.tag) }) else { throw Refusal.changed }
        let events = try mutation.decide(view, caller, permit)
        writes += try mutation.sideWrites(view, permit)
        let removed = mutation.removesEntity ? try show(view, caller, permit.entity) : nil
        return (
            Decision(events, by: author, writing: writes), .entity(permit.entity, caller: caller.id, removed: removed)
        )
    }

    public func respond(_ view: View, _ outcome: Outcome, _ memo: Memo) throws -> MutationOutcome<Representation> {
        switch memo {
        case .receipt(let receipt): return .toRead(entity: receipt.entity, position: receipt.position)
        case .entity(let entity, _, let removed?): return .removed(removed, entity: entity, position: outcome.last)
        case .entity(let entity, let account, nil):
            // By its id, since the command may have changed the e-mail address by which the token names it.
            var caller = context.caller
            caller.subject = .id(account)
            let authority = try Authority(caller, in: view, evenInactive: true)
            guard let shown = try show(view, authority, entity) else {
                return .toRead(entity: entity, position: outcome.last)
            }
            return .done(shown, entity: entity, position: outcome.last)
        }
    }
}
