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
    static func organization(_ json: [UInt8], hidden: Bool) -> [UInt8] {
        hidden ? splice(json, #","apps":[],"keys":[],"preferences":[],"mappings":[]"#) : json
    }

    /// An employee; `full` is its JSON with the profile's hidden fields, where it has any.
    static func employee(_ json: [UInt8], full: [UInt8]?, hidden: Bool) -> [UInt8] {
        hidden ? splice(full ?? json, #","mappings":[],"preferences":[]"#) : json
    }

    /// An account with those of its grants that the caller sees; `preferences` are for itself and SYSTEM_ADMIN.
    static func account(_ json: [UInt8], grants: [UInt8], preferences: Bool) -> [UInt8] {
        var tail = Array(#","mappings":[]"#.utf8)
        if preferences { tail += #","preferences":[]"#.utf8 }
        tail += #","\#(Section.grants.name)":["#.utf8 + grants + "]".utf8
        return splice(json, tail)
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

    private static func splice(_ json: [UInt8], _ tail: String) -> [UInt8] { splice(json, Array(tail.utf8)) }

    private static func splice(_ json: [UInt8], _ tail: [UInt8]) -> [UInt8] {
        var spliced: [UInt8] = []
        spliced.reserveCapacity(json.count + tail.count)
        spliced += json[..<(json.count - 1)]
        spliced += tail
        spliced.append(UInt8(ascii: "}"))
        return spliced
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
            json: Rendering.employee(json, full: full, hidden: hidden), tag: EntityTag(version.since))
    }

    /// The profile of an employee as a caller sees it.
    func profile(ofEmployee id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        let json = version.row.json(hiddenFields: try caller.seesHidden(of: version.row))
        return Representation(json: Rendering.profile(json), tag: EntityTag(version.since))
    }

    /// An organization as a caller sees it.
    func representation(ofOrganization id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        let hidden = try caller.has(.readHidden, in: id)
        return Representation(
            json: Rendering.organization(version.row.json, hidden: hidden), tag: EntityTag(version.since))
    }

    /// The profile of an organization.
    func profile(ofOrganization id: UUID) throws -> Representation {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        return Representation(json: Rendering.profile(version.row.json), tag: EntityTag(version.since))
    }

    /// An account as a caller sees it.
    func representation(ofAccount id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Accounts.self, id) else { throw Refusal.notFound("account") }
        let preferences = caller.id == id || caller.isSystemAdmin
        return Representation(
            json: Rendering.account(
                version.row.json, grants: try Section.grants.rendered(self, caller, id), preferences: preferences),
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
