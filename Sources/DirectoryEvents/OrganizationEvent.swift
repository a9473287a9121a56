import EventSourcing
import FoundationEssentials

/// What can happen to an organization.
public enum OrganizationEvent: Sendable, Equatable {
    case created(name: String, alias: String)
    case renamed(Change<String>)
    case aliasChanged(Change<String>)
    case profileChanged([ProfileChange])
    case deactivated
    case activated
    /// An import of a file with this SHA-256 digest (hexadecimal) began.
    case importStarted(import: UUID, digest: String)
    case importCompleted(import: UUID)

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
        case .importStarted(let id, let digest):
            EventContent(
                type: "organization.import_started", data: [member("import", .string(id.text))],
                sealed: [member("digest", .string(digest))])
        case .importCompleted(let id):
            EventContent(type: "organization.import_completed", data: [member("import", .string(id.text))])
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
            self = .importStarted(import: try fields.uuid("import"), digest: try fields.sealed("digest"))
        case "organization.import_completed": self = .importCompleted(import: try fields.uuid("import"))
        default: throw fields.unreadable("its type is unknown")
        }
    }
}
