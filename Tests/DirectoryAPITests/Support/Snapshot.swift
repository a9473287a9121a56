import CanonicalJSON
import Testing

/// All that the API shows of an organization at a moment, field by field, as the audit trail names fields.
struct Snapshot {
    /// A field of an entity, or an element of a set by what identifies it.
    struct Place: Hashable, Comparable {
        let entity, field: String
        var element = JSON.null

        static func < (left: Place, right: Place) -> Bool { left.text < right.text }
        private var text: String { "\(entity) \(field) \(element.canonicalText())" }
    }

    private(set) var values: [Place: JSON] = [:]

    /// Reads it with GETs, which show everything to the reader.
    static func read(_ history: RandomHistory, as reader: Person, at position: Int) async throws -> Snapshot {
        var snapshot = Snapshot()
        let (server, organization) = (history.server, history.organization)
        func get(_ path: String) async throws -> JSON? {
            let separator = path.contains("?") ? "&" : "?"
            let answer = try await server.get("\(path)\(separator)asOf=\(position)", as: reader, in: organization)
            #expect(answer.status == 200 || answer.status == 404, "\(path): \(answer.text)")
            return answer.status == 200 ? answer.json : nil
        }
        guard let whole = try await get("/organization/\(organization)") else { return snapshot }
        snapshot.add(whole, of: organization, ["name", "alias"])
        for app in whole["apps"]?.array ?? [] { snapshot.add(app: app, of: organization) }
        for key in whole["keys"]?.array ?? [] { snapshot.add(key, "/keys", by: key["id"], of: organization) }
        for person in try await get("/employee")?.array ?? [] {
            let id = person["id"]?.string ?? ""
            snapshot.add(person, of: id, ["name", "email", "role", "type", "account"])
            for line in person["managers"]?.array ?? [] {
                snapshot.add(line.without("since"), "/managers", by: line["managerId"], of: id)
            }
        }
        for group in try await get("/group")?.array ?? [] {
            let id = group["id"]?.string ?? ""
            snapshot.add(group, of: id, ["name", "type"])
            // A group that is INACTIVE is in no list of its members' groups, but has them all the same.
            for membership in try await get("/group/\(id)/members")?.array ?? [] {
                snapshot.add(
                    membership.without("since", "entity", "entityType"), "/groups", by: membership["groupId"],
                    of: membership["entity"]?.string ?? "")
            }
        }
        for account in history.accounts + [reader.id] {
            guard let shown = try await get("/account/\(account)") else { continue }
            for grant in shown["grants"]?.array ?? [] where grant["orgId"]?.string == organization {
                snapshot.add(grant, "/grants", by: grant["role"], of: account)
            }
            snapshot.addMappings(of: account, shown)
        }
        return snapshot
    }

    private mutating func add(_ entity: JSON, of id: String, _ fields: [String]) {
        values[Place(entity: id, field: "/status")] = entity["status"]?["current"]
        for field in fields { values[Place(entity: id, field: "/\(field)")] = entity[field] }
        for member in entity["profile"]?.members ?? [] {
            values[Place(entity: id, field: "/profile/\(member.name)")] = member.value
        }
        for preferences in entity["preferences"]?.array ?? [] {
            add(preferences, "/preferences", by: preferences["namespace"], of: id)
        }
        addMappings(of: id, entity)
    }

    private mutating func addMappings(of id: String, _ entity: JSON) {
        for mapping in entity["mappings"]?.array ?? [] {
            add(mapping.normal, "/mappings", by: [mapping["app"] ?? nil, mapping["namespace"] ?? nil], of: id)
        }
    }

    private mutating func add(app: JSON, of id: String) {
        let status = app["status"]?["current"] ?? nil
        let shown = app.without("active", "status", "created", "organization")
        add(
            .object((shown.members ?? []) + [.init(name: "status", value: status)]).normal, "/apps", by: app["id"],
            of: id)
    }

    private mutating func add(_ value: JSON, _ field: String, by element: JSON?, of id: String) {
        values[Place(entity: id, field: field, element: element ?? nil)] = value
    }

    /// What differs from an earlier one.
    func differences(from earlier: Snapshot) -> [Place: (from: JSON?, to: JSON?)] {
        var differences: [Place: (from: JSON?, to: JSON?)] = [:]
        for place in Set(values.keys).union(earlier.values.keys) {
            let (from, to) = (earlier.values[place], values[place])
            guard from != to else { continue }
            differences[place] = (from, to)
        }
        return differences
    }
}

extension JSON {
    func without(_ names: String...) -> JSON { .object((members ?? []).filter { !names.contains($0.name) }) }

    /// An element without the members that say nothing: free-form objects that are empty, and that an app is ACTIVE.
    var normal: JSON {
        guard let members else { return self }
        return .object(members.filter { $0.value != [:] && !($0.name == "status" && $0.value == "ACTIVE") })
    }
}
