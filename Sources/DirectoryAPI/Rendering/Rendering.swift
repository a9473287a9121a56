import AccountsProjection
import CanonicalJSON
import Directory
import DirectoryEvents
import DirectoryRows
import EmployeesProjection
import EventSourcing
import FoundationEssentials

/// The finished JSON of entities, as a caller may see it: one rule for what a mutation answers and for what a GET reads.
///
/// What only some see comes after what all see, and is spliced as text.
enum Rendering {
    /// An entity of an organization; `hidden` shows the sections that are for OWNER, ADMIN, AUDITOR and SYSTEM_ADMIN, and for
    /// the person that it is.
    static func entity(_ json: [UInt8], _ sections: Sections, hidden: Bool) -> [UInt8] {
        sections.spliced(into: json, isShown: hidden, to: .privileged)
    }

    /// An account; `isPrivate` shows what is for itself and SYSTEM_ADMIN.
    static func account(_ json: [UInt8], _ sections: Sections, isPrivate: Bool) -> [UInt8] {
        sections.spliced(into: json, isShown: isPrivate, to: .itself)
    }

    /// The profile in an entity's finished JSON, as its text; `{}` where it has none.
    static func profile(_ json: [UInt8]) -> [UInt8] {
        guard let parsed = try? JSON(parsing: json, limits: .trusted), let profile = parsed["profile"] else {
            return Array("{}".utf8)
        }
        var writer = JSONWriter(reservingCapacity: 256)
        writer.objectInOrder(profile.members ?? [])
        return writer.bytes
    }
}

extension View {
    /// An entity of an organization as a caller sees it; `nil` where it is too large to be rendered between two commits.
    func representation<P: OrganizationEntityProjection>(
        of _: P.Type, _ id: UUID, for caller: Authority
    ) throws -> Representation? {
        guard let version = try version(P.self, id) else { throw Refusal.notFound(P.kind.word) }
        let hidden = try caller.seesHidden(of: version.row)
        guard let sections = try Sections(Section.of(P.kind), self, caller, version.row) else { return nil }
        return Representation(
            json: Rendering.entity(version.row.json(withHidden: hidden), sections, hidden: hidden),
            tag: EntityTag(version.since, showsHidden: hidden))
    }

    /// The profile of an entity of an organization as a caller sees it.
    func profile<P: OrganizationEntityProjection>(
        of _: P.Type, _ id: UUID, for caller: Authority
    ) throws -> Representation {
        guard let version = try version(P.self, id) else { throw Refusal.notFound(P.kind.word) }
        let hidden = try caller.seesHidden(of: version.row)
        return Representation(
            json: Rendering.profile(version.row.json(withHidden: hidden)),
            tag: EntityTag(version.since, showsHidden: hidden))
    }

    /// An account as a caller sees it; `nil` where it is too large to be rendered between two commits.
    func representation(ofAccount id: UUID, for caller: Authority) throws -> Representation? {
        guard let version = try version(Accounts.self, id) else { throw Refusal.notFound("account") }
        guard let sections = try Sections(Section.of(.account), self, caller, version.row) else { return nil }
        let isPrivate = caller.isItself(id) || caller.isSystemAdmin
        return Representation(
            json: Rendering.account(version.row.json, sections, isPrivate: isPrivate),
            tag: try tag(version, for: caller, isPrivate: isPrivate))
    }

    /// The managers of an employee, under the employee's tag for a caller.
    func managers(ofEmployee id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        var writer = JSONWriter(reservingCapacity: 256)
        Employee.write(version.row.managers, to: &writer)
        return Representation(
            json: writer.bytes,
            tag: EntityTag(version.since, showsHidden: try caller.seesHidden(of: version.row)))
    }
}

extension OrganizationEntity {
    fileprivate func json(withHidden: Bool) -> [UInt8] { withHidden ? fullJSON ?? json : json }
}
