import CanonicalJSON
import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// Folds what happened to one entity between two moments into what differs between them.
///
/// Each event says what it changed, from what to what: a field was what its first change replaced, and is what its last one put
/// there. What is again as it was is forgotten, so that what is held depends on how much differs, not on how much happened.
struct DifferenceFold: Sendable {
    /// A field, or an element of a set by what identifies it.
    private struct Place: Hashable {
        let field: String
        let element: JSON?
    }

    private var differences: [Place: FieldDifference] = [:]
    private var entity: EntityReference?
    /// How many differences have begun.
    private var begun = 0

    /// Folds the next event of the entity.
    /// - Throws: `UnreadableEvent` if this binary does not know the event's type or shape.
    mutating func apply(_ stored: EncodedPayload, at position: Position) throws(UnreadableEvent) {
        let (payload, declaration) = try EventCatalog.describe(stored)
        entity = EntityReference(declaration.stream, payload.stream)
        if case .everything = declaration.trail {
            // Whatever is created is ACTIVE, which its event need not say.
            let status = AuditEntry.Change("/status", to: .string(Status.active.rawValue))
            apply(status, of: nil, at: position)
        }
        let set = declaration.trail.set
        let element = set.flatMap { DifferenceFold.element(of: $0, payload) }
        for change in AuditEntry.Change.all(of: payload, declaration) {
            guard let change = DifferenceFold.known(change, payload, declaration.trail) else { continue }
            apply(change, of: element, at: position, secrets: set?.element.secrets ?? [])
        }
    }

    /// What differs; `nil` if nothing does.
    func difference(name: String?) -> AuditDifference? {
        guard let entity, !differences.isEmpty else { return nil }
        let fields = differences.sorted { $0.value.number < $1.value.number }.map { place, difference in
            AuditDifference.Field(
                change: AuditEntry.Change(place.field, from: difference.from, to: difference.to),
                positions: difference.positions)
        }
        return AuditDifference(entity: entity, name: name, fields: fields)
    }

    private mutating func apply(
        _ change: AuditEntry.Change, of element: JSON?, at position: Position, secrets: [String] = []
    ) {
        let place = Place(field: change.field, element: element)
        if differences[place] == nil {
            begun += 1
            differences[place] = FieldDifference(from: change.from, number: begun)
        }
        differences[place]?.apply(change, at: position, secrets)
        if differences[place]?.isNone == true { differences[place] = nil }
    }

    /// The change as far as its values are known.
    ///
    /// What was erased is so at every moment: a name is the placeholder from the entity's creation on, and everything else has no
    /// value.
    private static func known(
        _ change: AuditEntry.Change, _ payload: EncodedPayload, _ trail: EventDeclaration.Trail
    ) -> AuditEntry.Change? {
        // Why an entity was erased is no field of it.
        if case .erasure = trail, change.field != "/status" { return nil }
        guard payload.isErased else { return change }
        if trail.set != nil { return nil }
        if change.from != nil || change.to != nil { return change }
        guard case .everything = trail, change.field == "/name" else { return nil }
        return AuditEntry.Change("/name", to: .string(Erasable.placeholder))
    }

    /// What identifies the element of a set that an event is about; `nil` where a field has one value.
    private static func element(
        of set: (pointer: String, element: EventDeclaration.Element), _ payload: EncodedPayload
    ) -> JSON? {
        guard case .object = set.element else { return nil }
        return switch set.pointer {
        case "/grants": payload.data?["role"]
        // An event that ends a mapping does not say all that it was: one that is made again is another.
        case "/mappings": payload.data?["mapping"]
        case "/preferences": payload.sealed?["namespace"]
        default: payload.related.map { .string($0.text) }
        }
    }
}

extension EventDeclaration.Trail {
    /// The set of which an element changes, and how its elements are shown.
    fileprivate var set: (pointer: String, element: EventDeclaration.Element)? {
        switch self {
        case .added(let pointer, let element), .set(let pointer, let element), .removed(let pointer, let element),
            .replaced(let pointer, let element), .put(let pointer, let element, _):
            (pointer, element)
        default: nil
        }
    }
}

extension EventDeclaration.Element {
    /// The members that show secrets.
    fileprivate var secrets: [String] {
        guard case .object(let members) = self else { return [] }
        return members.compactMap { name, part in
            if case .secrets = part { name } else { nil }
        }
    }
}
