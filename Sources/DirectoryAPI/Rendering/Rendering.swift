import AccountsProjection
import CanonicalJSON
import Directory
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import OrganizationsProjection

/// The finished JSON of entities, as a caller may see it: one rule for what a mutation answers and for what a GET reads.
///
/// What only some see comes after what all see, and is spliced as text.
enum Rendering {
    /// An organization; `hidden` shows what is for OWNER, ADMIN, AUDITOR and SYSTEM_ADMIN.
    static func organization(_ json: [UInt8], _ sections: Sections, hidden: Bool) -> [UInt8] {
        sections.spliced(into: json, for: hidden ? [.everyone, .privileged] : [.everyone])
    }

    /// An employee; `full` is its JSON with the profile's hidden fields, where it has any.
    static func employee(_ json: [UInt8], full: [UInt8]?, _ sections: Sections, hidden: Bool) -> [UInt8] {
        sections.spliced(
            into: hidden ? full ?? json : json, for: hidden ? [.everyone, .privileged] : [.everyone])
    }

    /// An account; `isPrivate` shows what is for itself and SYSTEM_ADMIN.
    static func account(_ json: [UInt8], _ sections: Sections, isPrivate: Bool) -> [UInt8] {
        sections.spliced(into: json, for: isPrivate ? [.everyone, .itself] : [.everyone])
    }

    /// The profile in an entity's finished JSON, as its text; `{}` where it has none.
    static func profile(_ json: [UInt8]) -> [UInt8] {
        guard let parsed = try? JSON(parsing: json, limits: .trusted), let profile = parsed["profile"] else {
            return Array("{}".utf8)
        }
        var writer = JSONWriter(reservingCapacity: 256)
        writer.objectAsItStands(profile.members ?? [])
        return writer.bytes
    }
}

extension View {
    /// An employee as a caller sees it; `nil` where it is too large to be rendered between two commits.
    func representation(ofEmployee id: UUID, for caller: Authority) throws -> Representation? {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        guard let sections = try Sections(Section.ofEmployee, self, caller, id) else { return nil }
        let employee = version.row
        let hidden = try caller.seesHidden(of: employee)
        let full = hidden && employee.hasHiddenFields ? employee.json(hiddenFields: true) : nil
        let json = full ?? employee.json(hiddenFields: false)
        return Representation(
            json: Rendering.employee(json, full: full, sections, hidden: hidden),
            tag: EntityTag(version.since))
    }

    /// The profile of an employee as a caller sees it.
    func profile(ofEmployee id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        let json = version.row.json(hiddenFields: try caller.seesHidden(of: version.row))
        return Representation(json: Rendering.profile(json), tag: EntityTag(version.since))
    }

    /// An organization as a caller sees it; `nil` where it is too large to be rendered between two commits.
    func representation(ofOrganization id: UUID, for caller: Authority) throws -> Representation? {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        guard let sections = try Sections(Section.ofOrganization, self, caller, id) else { return nil }
        let hidden = try caller.has(.readHidden, in: id)
        return Representation(
            json: Rendering.organization(version.row.json, sections, hidden: hidden),
            tag: EntityTag(version.since))
    }

    /// The profile of an organization.
    func profile(ofOrganization id: UUID) throws -> Representation {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        return Representation(json: Rendering.profile(version.row.json), tag: EntityTag(version.since))
    }

    /// An account as a caller sees it; `nil` where it is too large to be rendered between two commits.
    func representation(ofAccount id: UUID, for caller: Authority) throws -> Representation? {
        guard let version = try version(Accounts.self, id) else { throw Refusal.notFound("account") }
        guard let sections = try Sections(Section.ofAccount, self, caller, id) else { return nil }
        let isPrivate = caller.id == id || caller.isSystemAdmin
        return Representation(
            json: Rendering.account(version.row.json, sections, isPrivate: isPrivate),
            tag: try tag(version, for: caller))
    }

    /// The managers of an employee, under the employee's tag.
    func managers(ofEmployee id: UUID) throws -> Representation {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        var writer = JSONWriter(reservingCapacity: 256)
        Employee.write(version.row.managers, to: &writer)
        return Representation(json: writer.bytes, tag: EntityTag(version.since))
    }
}
