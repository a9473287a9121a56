import EventSourcing
import FoundationEssentials

/// What can happen to an organization.
public enum OrganizationEvent: Sendable, Equatable {
    /// It was made.
    case created(name: String, alias: String)
    /// Its name changed.
    case renamed(Change<String>)
    /// Its alias changed.
    case aliasChanged(Change<String>)
    /// Fields of its profile changed.
    case profileChanged([ProfileChange])
    /// It became INACTIVE: it takes no change.
    case deactivated
    /// It became ACTIVE again.
    case activated
    /// An import of a file began, or goes on: so many lines it has by now, and this is their SHA-256 digest (hexadecimal).
    case importStarted(import: UUID, lines: Int, digest: String)
    /// An import ended before a line that a rule refuses: so many lines were carried out, and this is their digest.
    case importStopped(import: UUID, lines: Int, digest: String)
    /// An import was carried out to the end of its file: so many lines, and this is their digest. The first ones stored bear
    /// none.
    case importCompleted(import: UUID, lines: Int, digest: String? = nil)

    var content: EventContent {
        switch self {
        case .created(let name, let alias):
            EventContent(
                type: "organization.created", sealed: [member("alias", .string(alias)), member("name", .string(name))])
        case .renamed(let change): .sealedChanges("organization.renamed", [("/name", change)])
        case .aliasChanged(let change): .sealedChanges("organization.alias_changed", [("/alias", change)])
        case .profileChanged(let changes): .sealedChanges("organization.profile_changed", changes.pointers)
        case .deactivated: EventContent(type: "organization.deactivated")
        case .activated: EventContent(type: "organization.activated")
        case .importStarted(let id, let lines, let digest):
            .importMark("organization.import_started", id, lines, digest: digest)
        case .importStopped(let id, let lines, let digest):
            .importMark("organization.import_stopped", id, lines, digest: digest)
        case .importCompleted(let id, let lines, let digest):
            .importMark("organization.import_completed", id, lines, digest: digest)
        }
    }

    init(_ fields: FieldReader) throws(UnreadableEvent) {
        switch fields.payload.type {
        case "organization.created":
            self = .created(name: try fields.sealed("name"), alias: try fields.sealed("alias"))
        case "organization.renamed": self = .renamed(try fields.sealedChange("/name"))
        case "organization.alias_changed": self = .aliasChanged(try fields.sealedChange("/alias"))
        case "organization.profile_changed": self = .profileChanged(try fields.profileChanges())
        case "organization.deactivated": self = .deactivated
        case "organization.activated": self = .activated
        case "organization.import_started":
            self = .importStarted(
                import: try fields.uuid("import"), lines: try fields.integer("lines"),
                digest: try fields.sealed("digest"))
        case "organization.import_stopped":
            self = .importStopped(
                import: try fields.uuid("import"), lines: try fields.integer("lines"),
                digest: try fields.sealed("digest"))
        case "organization.import_completed":
            self = .importCompleted(
                import: try fields.uuid("import"), lines: try fields.integer("lines"),
                digest: fields.sealedIfPresent("digest"))
        default: throw fields.unreadable("its type is unknown")
        }
    }
}

extension EventContent {
    fileprivate static func importMark(_ type: String, _ id: UUID, _ lines: Int, digest: String?) -> EventContent {
        EventContent(
            type: type, data: [member("import", .string(id.text)), member("lines", .integer(Int64(lines)))],
            sealed: [optional("digest", digest)].compactMap(\.self))
    }
}
