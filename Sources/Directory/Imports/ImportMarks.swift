import AccountsProjection
import DirectoryEvents
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// What the log records of a file that is imported.
public struct ImportedFile: Sendable {
    /// How many lines it has, empty ones included.
    let lines: Int
    /// The SHA-256 digest of its lines.
    let digest: String
    /// When what it says begins to take effect; `nil` for the moment at which it is imported.
    let begins: Instant?
}

/// Begins the import of a file, or goes on with it where the file has other lines by now.
public struct StartImport: Command {
    /// What is imported into.
    public enum Target: Sendable {
        /// An organization that exists.
        case organization(UUID)
        /// One to be made, which takes effect with the first line, with the account of an address as its OWNER.
        /// - Parameter ownerID: the id that this account gets, if it is made.
        case new(UUID, name: String, ownerEmail: String, ownerID: UUID)
    }

    private let id: UUID
    private let target: Target
    private let file: ImportedFile

    /// The import of a file into an organization.
    public init(_ import: UUID, of file: ImportedFile, into target: Target) {
        id = `import`
        self.target = target
        self.file = file
    }

    public var loads: [Load] {
        switch target {
        case .organization(let id): [.row(Organizations.self, id)]
        case .new(_, _, let ownerEmail, _): [.account(email: ownerEmail)]
        }
    }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, UUID) {
        let organization: UUID
        var changes: [ProposedEvent] = []
        switch target {
        case .organization(let id):
            guard try view.row(Organizations.self, id) != nil else { throw Refusal.notFound("organization") }
            try view.checkActive(id)
            organization = id
        case .new(let id, let name, let ownerEmail, let ownerID):
            let (owner, made) = try view.owner(ownerEmail, new: ownerID)
            let created = OrganizationEvent.created(
                name: Erasable(name), alias: Erasable(try view.freeAlias(for: name)))
            changes = made + [Proposed(.organization(id, created)), Proposed(.owned(id, by: owner))]
            for index in changes.indices { changes[index].effectiveAt = file.begins }
            organization = id
        }
        let started = OrganizationEvent.importStarted(import: id, lines: file.lines, digest: Erasable(file.digest))
        return (Decision(changes + [Proposed(.organization(organization, started))], by: .system), organization)
    }

    /// The organization that is imported into.
    public func respond(_ view: View, _ outcome: Outcome, _ memo: UUID) throws -> UUID { memo }
}

/// Ends an import: carried out to the end of its file, or stopped before a line that a rule refuses.
public struct EndImport: Command {
    private let organization: UUID
    private let event: OrganizationEvent

    private init(_ organization: UUID, _ event: OrganizationEvent) {
        self.organization = organization
        self.event = event
    }

    /// All lines of the file were carried out.
    public static func completed(_ import: UUID, of file: ImportedFile, in organization: UUID) -> EndImport {
        EndImport(organization, .importCompleted(import: `import`, lines: file.lines, digest: Erasable(file.digest)))
    }

    /// The line after these was refused. The file may be corrected from there on, and the import resumes there.
    public static func stopped(_ import: UUID, of file: HistoryFile, after lines: Int, in organization: UUID)
        -> EndImport
    {
        let digest = file.digest(ofFirst: lines)
        return EndImport(organization, .importStopped(import: `import`, lines: lines, digest: Erasable(digest)))
    }

    public var loads: [Load] { [.row(Organizations.self, organization)] }

    public func decide(_ view: View, at now: Instant) throws -> (Decision<DirectoryEvent>, Void) {
        (Decision([Proposed(.organization(organization, event))], by: .system), ())
    }

    public func respond(_ view: View, _ outcome: Outcome, _ memo: Void) throws {}
}
