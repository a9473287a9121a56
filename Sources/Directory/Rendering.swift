import AccountsProjection
import CanonicalJSON
import DirectoryEvents
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import GrantsProjection
import OrganizationsProjection

/// The finished JSON of entities, as a caller may see it: one rule for what a mutation answers and for what a GET reads.
///
/// What only some see stands behind what all see, and is spliced as text.
public enum Rendering {
    /// An organization; `hidden` shows what is for OWNER, ADMIN, AUDITOR and SYSTEM_ADMIN.
    public static func organization(_ json: [UInt8], hidden: Bool) -> [UInt8] {
        hidden ? splice(json, #","apps":[],"keys":[],"preferences":[],"mappings":[]"#) : json
    }

    /// An employee; `full` is its JSON with the profile's hidden fields, where it has any.
    public static func employee(_ json: [UInt8], full: [UInt8]?, hidden: Bool) -> [UInt8] {
        hidden ? splice(full ?? json, #","mappings":[],"preferences":[]"#) : json
    }

    /// An account with those of its grants that the caller sees; `preferences` are for itself and SYSTEM_ADMIN.
    public static func account(_ json: [UInt8], grants: some Sequence<[UInt8]>, preferences: Bool) -> [UInt8] {
        var tail = Array(#","mappings":[]"#.utf8)
        if preferences { tail += #","preferences":[]"#.utf8 }
        tail += #","grants":["#.utf8
        var isFirst = true
        for grant in grants {
            if !isFirst { tail.append(UInt8(ascii: ",")) }
            tail += grant
            isFirst = false
        }
        tail.append(UInt8(ascii: "]"))
        return splice(json, tail)
    }

    /// The profile in an entity's finished JSON, as its text; `{}` where it has none.
    public static func profile(_ json: [UInt8]) -> [UInt8] {
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
            Rendering.employee(json, full: full, hidden: hidden), tag: EntityTag(version.since))
    }

    /// The profile of an employee as a caller sees it.
    func profile(ofEmployee id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Employees.self, id) else { throw Refusal.notFound("employee") }
        let json = version.row.json(hiddenFields: try caller.seesHidden(of: version.row))
        return Representation(Rendering.profile(json), tag: EntityTag(version.since))
    }

    /// An organization as a caller sees it.
    func representation(ofOrganization id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        let hidden = try caller.has(.readHidden, in: id)
        return Representation(
            Rendering.organization(version.row.json, hidden: hidden), tag: EntityTag(version.since))
    }

    /// The profile of an organization.
    func profile(ofOrganization id: UUID) throws -> Representation {
        guard let version = try version(Organizations.self, id) else { throw Refusal.notFound("organization") }
        return Representation(Rendering.profile(version.row.json), tag: EntityTag(version.since))
    }

    /// An account as a caller sees it.
    func representation(ofAccount id: UUID, for caller: Authority) throws -> Representation {
        guard let version = try version(Accounts.self, id) else { throw Refusal.notFound("account") }
        let grants = try rows(Grants.byAccount, [.uuid(id)]).sorted { $0.created < $1.created }
        var shown: [[UInt8]] = []
        for grant in grants where try caller.sees(grant) { shown.append(grant.json) }
        let preferences = caller.id == id || caller.isSystemAdmin
        return Representation(
            Rendering.account(version.row.json, grants: shown, preferences: preferences),
            tag: try tag(version, for: caller))
    }

    /// The tag of an account: what it shows depends on the caller's own grants.
    func tag(_ account: Versioned<Account>, for caller: Authority) throws -> EntityTag {
        // Read anew: a command may have changed the caller's grants just now.
        let own = try row(Accounts.self, caller.id)?.grantsChanged ?? 0
        return EntityTag(account.since, grants: own)
    }
}

extension Authority {
    /// Whether the caller sees what is hidden from most: by its role, or because it is itself.
    func seesHidden(of employee: Employee) throws -> Bool {
        if employee.account == id { return true }
        return try has(.readHidden, in: employee.organization)
    }

    /// Whether the caller sees a grant: its own, and those in organizations whose accounts it may see. A token that is confined
    /// to an organization shows none of another, not even the caller's own.
    func sees(_ grant: Grant) throws -> Bool {
        guard isConfined(to: grant.key.organization) else { return false }
        if grant.key.account == id || isSystemAdmin { return true }
        guard let organization = grant.key.organization else { return false }
        return try has(.readAccounts, in: organization)
    }
}
