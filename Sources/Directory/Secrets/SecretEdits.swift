import DirectoryEvents
import EventSourcing
import FoundationEssentials

/// What a request says of secrets that are only recognised, by their names: `clear` removes one.
public struct SecretEdits: Sendable {
    /// How many secrets an app or a mapping has at most.
    private static let most = 100

    private let edits: [(name: String, edit: FieldEdit<Secret>)]

    public init(_ edits: [(name: String, edit: FieldEdit<Secret>)] = []) { self.edits = edits }

    /// The names of those that the edits set or remove: not of those that have the value already, nor of those that are not there.
    /// - Parameters:
    ///   - owner: the app or the mapping.
    ///   - names: those of the secrets that it has.
    func changes(of owner: UUID, _ names: [String], _ view: View) throws -> SecretNames {
        let changed = try Missing.gathering(edits) { name, edit in
            let isThere = names.contains { $0.isIdentical(to: name) }
            return switch edit {
            case .keep: false
            case .clear: isThere
            case .set(let secret):
                try !isThere || view.row(Secrets.self, Secrets.Key(owner: owner, name: name)) != secret
            }
        }
        let effective = zip(edits, changed).filter(\.1).map(\.0)
        return SecretNames(
            set: effective.filter { $0.edit != .clear }.map(\.name),
            removed: effective.filter { $0.edit == .clear }.map(\.name))
    }

    /// Refuses more secrets than there may be.
    func check(_ names: [String], _ changes: SecretNames, at pointer: String) throws {
        guard changes.applied(to: names).count <= Self.most else {
            throw Refusal.rule(at: pointer, "There are more than \(Self.most) secrets.")
        }
    }

    /// What is written of them.
    func writes(to owner: UUID) -> [SideWrite] {
        edits.compactMap { name, edit in
            let key = Secrets.Key(owner: owner, name: name)
            return switch edit {
            case .keep: nil
            case .clear: .secret(nil, under: key)
            case .set(let secret): .secret(secret, under: key)
            }
        }
    }
}
