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
    /// An employee as a caller sees it.
    func representation(ofEmployee id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        let employee = version.row
        let hidden = try caller.seesHidden(of: employee)
        let full = hidden && employee.hasHiddenFields ? employee.json(hiddenFields: true) : nil
        let json = full ?? employee.json(hiddenFields: false)
        return Representation(
            json: Rendering.employee(
                json, full: full, try Sections(Section.ofEmployee, self, caller, id), hidden: hidden),
            tag: EntityTag(version.since, showsHidden: hidden))
    }

    /// The profile of an employee as a caller sees it.
    func profile(ofEmployee id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        let hidden = try caller.seesHidden(of: version.row)
        return Representation(
            json: Rendering.profile(version.row.json(hiddenFields: hidden)),
            tag: EntityTag(version.since, showsHidden: hidden))
    }

    /// An organization as a caller sees it.
    func representation(ofOrganization id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        let hidden = try caller.has(.readHidden, in: id)
        return Representation(
            json: Rendering.organization(
                version.row.json, try Sections(Section.ofOrganization, self, caller, id), hidden: hidden),
            tag: EntityTag(version.since, showsHidden: hidden))
    }

    /// The profile of an organization, under its organization's tag for a caller.
    func profile(ofOrganization id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        return Representation(
            json: Rendering.profile(version.row.json),
            tag: EntityTag(version.since, showsHidden: try caller.has(.readHidden, in: id)))
    }

    /// An account as a caller sees it.
    func representation(ofAccount id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Accounts.self, id) else { throw Refusal.notFound("account") }
        let isPrivate = caller.id == id || caller.isSystemAdmin
        return Representation(
            json: Rendering.account(
                version.row.json, try Sections(Section.ofAccount, self, caller, id), isPrivate: isPrivate),
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
