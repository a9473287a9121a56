import CanonicalJSON
import DirectoryEvents
import EventSourcing

/// What a field, or an element of a set, was at one moment and is at another, while its changes are folded.
struct FieldDifference: Sendable {
    private(set) var from: JSON?
    private(set) var to: JSON?
    private(set) var positions: [Position] = []
    /// The place among the differences of its entity.
    let number: Int
    /// Whether it has secrets that got other values: nobody can say that they are as they were.
    private var hasNewSecrets = false

    init(from: JSON?, number: Int) {
        (self.from, to) = (from, from)
        self.number = number
    }

    /// Whether it is as it was.
    var isNone: Bool { from == to && !hasNewSecrets }

    /// - Parameter secrets: the members that show secrets, as objects of their names.
    mutating func apply(_ change: AuditEntry.Change, at position: Position, _ secrets: [String]) {
        if positions.count == AuditDifference.mostPositions { positions.removeFirst() }
        positions.append(position)
        if secrets.contains(where: { change.from?[$0] != nil || change.to?[$0] != nil }) { hasNewSecrets = true }
        guard let before = change.from?.members, let current = to?.members else {
            to = change.to
            return
        }
        // An event shows the members that it changed: what it is the first to show was so from the start.
        if let known = from?.members { from = .object(known.completed(by: before, current, objects: secrets)) }
        to = change.to?.members.map { .object(current.replacing(before, with: $0, objects: secrets)) }
    }
}

extension [JSON.Member] {
    /// These with those of `others` that are neither among them nor in `current`.
    /// - Parameter objects: the members that are objects of which an event shows a part.
    fileprivate func completed(by others: [JSON.Member], _ current: [JSON.Member], objects: [String]) -> [JSON.Member] {
        var completed = self
        for other in others {
            if objects.contains(other.name) {
                let part = object(other.name).completed(
                    by: other.value.members ?? [], current.object(other.name), objects: [])
                completed = completed.setting(other.name, to: part)
            } else if !has(other.name), !current.has(other.name) {
                completed.append(other)
            }
        }
        return completed
    }

    /// These without those that an event shows from before, and with those from after it.
    fileprivate func replacing(
        _ before: [JSON.Member], with after: [JSON.Member], objects: [String]
    ) -> [JSON.Member] {
        let kept = filter { !before.has($0.name) && !after.has($0.name) }
        return objects.reduce(kept + after) { members, name in
            let part = object(name).replacing(before.object(name), with: after.object(name), objects: [])
            return members.setting(name, to: part)
        }
    }

    private func has(_ name: String) -> Bool { contains { $0.name.isIdentical(to: name) } }

    private func object(_ name: String) -> [JSON.Member] {
        first { $0.name.isIdentical(to: name) }?.value.members ?? []
    }

    /// These with an object in place of a member; without the member where the object is empty.
    private func setting(_ name: String, to members: [JSON.Member]) -> [JSON.Member] {
        let others = filter { !$0.name.isIdentical(to: name) }
        return members.isEmpty ? others : others + [JSON.Member(name: name, value: .object(members))]
    }
}
