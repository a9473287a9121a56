import CanonicalJSON
import Synchronization
import Testing

@testable import DirectoryAPI

/// Every operation, requested by every kind of caller, for their own and for a foreign organization.
@Suite struct AuthorizationWalkTests {
    /// The entities that the walk is about, in one organization.
    struct Place: Sendable {
        let organization, alias: String
        let owner: Person
        /// A member that is not one of the callers, and its employee.
        let member: Person
        let memberEmployee: String
        /// An employee that reports to the manager of the walk.
        let report: String
        let manager: String
        /// To be deactivated.
        let spareAccount: Person
        let spareEmployee: String
        /// To be erased: there is another one for each request.
        let erasable: (account: Current, employee: Current)
        /// To be deleted: there is another one for each request.
        let key, webhook: Current
        let group: String
        /// Apps; the second is to be deactivated.
        let app, spareApp: String
        /// Where the log has an event of the organization.
        let position: Int64
        /// The operation that was made possible last and has not been carried out since.
        let prepared = Current("")

        static func make(_ server: Server, _ organization: String, _ owner: Person, manager: String?) async throws
            -> Place
        {
            let member = try await server.makeAccount("member")
            let memberEmployee = try await server.makeEmployee(organization, by: owner, account: member)
            let report = try await server.makeEmployee(organization, by: owner)
            let boss = if let manager { manager } else { try await server.makeEmployee(organization, by: owner) }
            try await server.assign(boss, to: report, by: owner)
            let spareAccount = try await server.makeMember("EMPLOYEE", of: organization, by: owner)
            let spareEmployee = try await server.makeEmployee(organization, by: owner)
            let alias = try #require(try await server.get("/organization/\(organization)", as: owner)["alias"])
            return Place(
                organization: organization, alias: alias, owner: owner, member: member, memberEmployee: memberEmployee,
                report: report, manager: boss,
                spareAccount: spareAccount, spareEmployee: spareEmployee,
                erasable: (Current(spareAccount.id), Current(spareEmployee)),
                key: Current(try await server.makeKey(organization, by: owner, limit: "EMPLOYEE").id),
                webhook: Current(try await server.makeWebhook(organization, by: owner).id),
                group: try await server.makeGroup(organization, by: owner),
                app: try await server.makeApp(organization, by: owner),
                spareApp: try await server.makeApp(organization, by: owner),
                position: try #require(
                    try await server.get("/organization/\(organization)/history", as: owner).elements.last?["position"]?
                        .integer))
        }
    }

    /// The id of an entity that others take the place of.
    final class Current: Sendable {
        private let held: Mutex<String>
        init(_ id: String) { held = Mutex(id) }
        var id: String { held.withLock { $0 } }
        func replace(_ id: String) { held.withLock { $0 = id } }
    }

    /// How an operation is requested: its query and body, and what makes it possible before and undoes it after.
    struct Question {
        var query = ""
        var body: String?
        var before: (@Sendable (Server, Place) async throws -> Void)?
        var after: (@Sendable (Server, Place) async throws -> Void)?
    }

    /// Every operation with a body needs a sample of it here: without one its answer would be 400 for everybody.
    func question(_ operation: DirectoryAPI.Operation, _ place: Place) -> Question {
        let question = sample(operation.name, place)
        #expect((question.body == nil) == (operation.body == nil), "\(operation.name) lacks a sample of its body")
        return question
    }

    private func sample(_ name: String, _ place: Place) -> Question {
        let revive: @Sendable (Server, Place) async throws -> Void = { server, place in
            try await server.post("/organization/\(place.organization)/activate", as: server.admin)
        }
        switch name {
        case "createOrganization": return Question(body: #"{"name":"\#(unique("Walked "))"}"#)
        case "updateCurrentOrganization", "updateOrganization":
            return Question(body: #"{"name":"\#(unique("Walked "))"}"#)
        case "deactivateOrganization": return Question(after: revive)
        case "replaceCurrentOrganizationProfile", "updateCurrentOrganizationProfile", "replaceOrganizationProfile",
            "updateOrganizationProfile":
            return Question(body: #"{"mission":"\#(unique("m"))"}"#)
        case "createCurrentOrganizationKey", "createOrganizationKey":
            return Question(body: #"{"name":"walked","limitToRole":"EMPLOYEE"}"#)
        case "deleteCurrentOrganizationKey", "deleteOrganizationKey":
            return Question { server, place in
                place.key.replace(try await server.makeKey(place.organization, by: place.owner, limit: "EMPLOYEE").id)
            }
        case "createAccount": return Question(body: #"{"email":"\#(unique("walked"))@example.org"}"#)
        case "updateAccount": return Question(body: #"{"name":"\#(unique("Name "))"}"#)
        case "grantRole": return Question(body: #"{"orgId":"\#(place.organization)","role":"AUDITOR"}"#)
        case "revokeRole":
            return Question(query: "?orgId=\(place.organization)&role=MANAGER") { server, place in
                try await server.grant("MANAGER", to: place.member, in: place.organization, by: place.owner)
            }
        case "createEmployee": return Question(body: #"{"name":"N","email":"\#(unique("walked"))@example.org"}"#)
        case "updateEmployee": return Question(body: #"{"role":"\#(unique("r"))"}"#)
        case "replaceEmployeeProfile", "updateEmployeeProfile": return Question(body: #"{"bio":"\#(unique("b"))"}"#)
        case "eraseAccount":
            return Question(body: #"{"reason":"WALKED"}"#) { server, place in
                place.erasable.account.replace(
                    try await server.makeMember("EMPLOYEE", of: place.organization, by: place.owner).id)
            }
        case "eraseEmployee":
            return Question(body: #"{"reason":"WALKED"}"#) { server, place in
                place.erasable.employee.replace(try await server.makeEmployee(place.organization, by: place.owner))
            }
        case "createGroup": return Question(body: #"{"name":"\#(unique("G"))","type":"TEAM"}"#)
        case "updateGroup": return Question(body: #"{"name":"\#(unique("G"))"}"#)
        case "replaceGroupProfile", "updateGroupProfile":
            return Question(body: #"{"description":"\#(unique("d"))"}"#)
        case "deactivateGroup":
            return Question { server, place in
                try await server.post("/group/\(place.group)/activate", as: place.owner)
            }
        case "replaceGroupsOfEntity":
            return Question(body: #"[{"groupId":"\#(place.group)","type":"\#(unique("T"))"}]"#) { server, place in
                try await server.post("/group/\(place.group)/activate", as: place.owner)
            }
        case "removeFromGroup":
            return Question { server, place in
                try await server.post("/group/\(place.group)/activate", as: place.owner)
                try await server.setGroups(of: place.report, [place.group], by: place.owner)
            }
        case "assignManager":
            return Question(body: #"{"managerId":"\#(place.memberEmployee)","type":"\#(unique("T"))"}"#)
        case "replaceManagers": return Question(body: #"[{"managerId":"\#(place.manager)","type":"DIRECT"}]"#)
        case "removeManager":
            return Question { server, place in
                try await server.assign(place.memberEmployee, to: place.report, type: "WALKED", by: place.owner)
            }
        case "listOrganizationsByAppSecret": return Question(body: #"{"secret":"s"}"#)
        case "addApp": return Question(body: #"{"type":"SLACK"}"#)
        case "listDifferences": return Question(query: "?from=0")
        case "getConsistencyProof": return Question(query: "?from=1&to=2")
        case "getLogEntry", "getInclusionProof", "getOpening": return Question(query: "?position=\(place.position)")
        // Without an end it would have none.
        case "streamAudit": return Question(query: "?until=2001-01-01T00:00:00Z")
        case "createWebhook": return Question(body: #"{"url":"https://hooks.example.invalid/"}"#)
        case "updateWebhook": return Question(body: #"{"name":"\#(unique("Name "))"}"#)
        case "deleteWebhook":
            // Others are asked about it afterwards.
            return Question(after: { server, place in
                place.webhook.replace(try await server.makeWebhook(place.organization, by: place.owner).id)
            })
        case "updateApp": return Question(body: #"{"name":"\#(unique("Name "))"}"#)
        default: return sampleOfIntegrations(name, place)
        }
    }

    private func sampleOfIntegrations(_ name: String, _ place: Place) -> Question {
        let paths = [
            "Organization": "organization/\(place.organization)", "Account": "account/\(place.member.id)",
            "Employee": "employee/\(place.report)", "Group": "group/\(place.group)",
        ]
        let parts: [(suffix: String, path: String, body: String)] = [
            ("Mapping", "mappings/\(place.app)/namespace", #"{"mappedId":"\#(unique("m"))"}"#),
            ("Preferences", "preferences/namespace", #"{"values":{"a":"\#(unique("v"))"}}"#),
        ]
        guard let part = parts.first(where: { name.hasSuffix($0.suffix) }) else { return Question() }
        if name.hasPrefix("set") { return Question(body: part.body) }
        guard name.hasPrefix("remove") else { return Question() }
        let path = paths[String(name.dropFirst(6).dropLast(part.suffix.count))] ?? ""
        return Question { server, place in
            let caller = path.hasPrefix("account") && part.suffix == "Preferences" ? server.admin : place.owner
            try await server.send("PUT", "/\(path)/\(part.path)", as: caller, part.body)
        }
    }

    /// The parameters of paths that name no entity.
    static let searched: Set<String> = [
        "name", "type", "key", "value", "externalId", "namespace", "mappedId", "level", "tile",
    ]

    func path(_ operation: DirectoryAPI.Operation, _ place: Place) -> String {
        let isSpare = operation.name.hasPrefix("deactivate") || operation.name.hasPrefix("activate")
        let segments = operation.path.segments.map { segment in
            switch segment {
            case .name(let name): return name
            case .parameter("accountId") where operation.name == "eraseAccount": return place.erasable.account.id
            case .parameter("employee") where operation.name == "eraseEmployee": return place.erasable.employee.id
            case .parameter("organization"): return place.organization
            case .parameter("alias"): return place.alias
            case .parameter("accountId"), .parameter("accountIdOrEmail"):
                return isSpare ? place.spareAccount.id : place.member.id
            case .parameter("employee"): return isSpare ? place.spareEmployee : place.report
            case .parameter("manager"), .parameter("managerId"): return place.memberEmployee
            case .parameter("group"), .parameter("groupId"), .parameter("id"): return place.group
            case .parameter("entity"): return place.report
            case .parameter("name"): return "some"
            case .parameter("level"): return "0"
            case .parameter("tile"): return "000.p/1"
            case .parameter("key"): return place.key.id
            case .parameter("webhook"): return place.webhook.id
            case .parameter("app"): return isSpare ? place.spareApp : place.app
            case .parameter(let other): return other
            }
        }
        return "/" + segments.joined(separator: "/")
    }

    @Test func `Every operation is in the table and every row is an operation`() {
        let names = Set(Operations.all.map(\.name))
        for operation in Operations.all {
            #expect(Expected.byOperation[operation.name] != nil, "\(operation.name) has no row in the table")
        }
        for name in Expected.byOperation.keys { #expect(names.contains(name), "\(name) is not an operation") }
        #expect(names.count == Operations.all.count, "two operations have one name")
    }

    @Test func `Every operation answers every caller as the table says`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        let own = try await Place.make(server, cast.organization, cast.owner, manager: cast.managerEmployee)
        let foreign = try await Place.make(server, cast.foreign, cast.stranger, manager: nil)
        let callers: [Person?] = [
            server.admin, cast.owner, cast.administrator, cast.manager, cast.employee, cast.auditor,
            cast.stranger,
            cast.inactive, nil,
        ]
        // A caller that makes an organization is its OWNER and may do more from then on, so that comes last.
        let operations = Operations.all.sorted { $1.name == "createOrganization" && $0.name != $1.name }
        for operation in operations {
            guard let expected = Expected.byOperation[operation.name] else { continue }
            for (place, isForeign) in [(own, false), (foreign, true)] {
                for (index, caller) in callers.enumerated() {
                    let status = try await ask(operation, about: place, caller, server)
                    #expect(
                        status == expected.statuses(isForeign)[index],
                        "\(operation.name) by \(Expected.callers[index]), \(isForeign ? "foreign" : "own")")
                }
            }
        }
    }

    /// Whether the path names an entity, and so the organization that is meant.
    func isAboutEntity(_ operation: DirectoryAPI.Operation) -> Bool {
        operation.name != "getEmployeeByAccount"
            && operation.path.parameters.contains { !Self.searched.contains($0) }
    }

    /// Requests an operation about a place.
    /// - Parameter states: whether the header says which organization is meant where the path does not.
    func ask(
        _ operation: DirectoryAPI.Operation, about place: Place, _ caller: Person?, _ server: Server,
        states: Bool = true
    ) async throws -> Int {
        let stated = isAboutEntity(operation) || !states ? nil : place.organization
        let question = question(operation, place)
        // A request that was refused has changed nothing, so that the next one finds what this one would have.
        if place.prepared.id != operation.name { try await question.before?(server, place) }
        let answer = try await server.send(
            operation.method.rawValue, path(operation, place) + question.query, as: caller, in: stated, question.body)
        place.prepared.replace(answer.status < 300 ? "" : operation.name)
        if answer.status < 300 { try await question.after?(server, place) }
        return answer.status
    }

    @Test(arguments: ["OWNER", "ADMIN", "MANAGER", "EMPLOYEE", "AUDITOR"])
    func `With a key, an account has the rights of its limit, in the key's organization alone`(
        _ limit: String
    ) async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        // Somebody whose account may do everything, here and elsewhere, and who is an employee with reports.
        try await server.grant("OWNER", to: cast.manager, in: cast.organization, by: cast.owner)
        try await server.grant("OWNER", to: cast.manager, in: cast.foreign, by: cast.stranger)
        try await server.post("/account/\(cast.manager.id)/grant", as: server.admin, #"{"role":"SYSTEM_ADMIN"}"#)
        let own = try await Place.make(server, cast.organization, cast.owner, manager: cast.managerEmployee)
        let foreign = try await Place.make(server, cast.foreign, cast.stranger, manager: nil)
        let caller = try await server.makeKey(cast.organization, by: cast.owner, limit: limit).person(cast.manager)
        let column = try #require(Expected.callers.firstIndex(of: limit))
        for operation in Operations.all {
            guard let expected = Expected.byOperation[operation.name] else { continue }
            let status =
                switch operation.name {
                case "createOrganization": 403
                case "getOwnEmployee": 200
                default: expected.statuses(false)[column]
                }
            #expect(try await ask(operation, about: own, caller, server) == status, "\(operation.name) by \(limit)")
            if case .anyone = operation.access { continue }
            // Where the header names the organization, it contradicts the key.
            let refused = try await ask(operation, about: foreign, caller, server)
            #expect(refused == (isAboutEntity(operation) ? 404 : 400), "\(operation.name) by \(limit), foreign")
            // Where it names none, the key does.
            let unstated = try await ask(operation, about: own, caller, server, states: false)
            #expect(unstated == status, "\(operation.name) by \(limit), without a header")
        }
    }

    @Test func `An org claim confines every route, lists included`() async throws {
        let server = try await Server.shared
        let cast = try await Cast.make(server)
        // Both SYSTEM_ADMIN and OWNER of both organizations, but for tokens confined to the first.
        try await server.grant("OWNER", to: cast.owner, in: cast.foreign, by: cast.stranger)
        let other = try await Place.make(server, cast.foreign, cast.stranger, manager: nil)
        for person in [cast.owner, server.admin] {
            let caller = try await server.confined(person, to: cast.organization)
            for operation in Operations.all {
                if case .anyone = operation.access { continue }
                guard operation.path.parameters.contains(where: { !Self.searched.contains($0) }) else { continue }
                let question = question(operation, other)
                let answer = try await server.send(
                    operation.method.rawValue, path(operation, other) + question.query, as: caller, question.body)
                #expect(answer.status == 404, "\(operation.name) by a confined \(person.email): \(answer.text)")
            }
            let organizations = try await server.get("/organization", as: caller)
            #expect(organizations.ids == [cast.organization])
            let accounts = try await server.get("/account", as: caller)
            #expect(accounts.ids.contains(cast.employee.id))
            #expect(!accounts.ids.contains(cast.stranger.id))
            let employees = try await server.get("/account/\(other.member.id)/employees", as: caller)
            #expect(employees.status == 404)
            let own = try await server.get("/account/me", as: caller)
            #expect(!own.text.contains(cast.foreign))
            #expect(try await server.post("/organization", as: caller, #"{"name":"x"}"#).status == 403)
            #expect(try await server.get("/employee", as: caller, in: cast.foreign).status == 400)
        }
    }

    @Test func `An entity outside the stated organization is 404, to read and to change`() async throws {
        let server = try await Server.shared
        let (first, owner) = try await server.makeOrganization()
        let second = try await server.makeOrganization(owner)
        let place = try await Place.make(server, second, owner, manager: nil)
        for caller in [owner, server.admin] {
            let before = try await server.get("/audit?organization=\(second)&limit=1000", as: owner)
            for operation in Operations.all {
                if case .anyone = operation.access { continue }
                // An account belongs to no organization; `CurrentOrganizationTests` covers its roles in another one.
                let isOfOrganization = operation.path.parameters.contains {
                    !Self.searched.contains($0) && !$0.hasPrefix("account")
                }
                guard isOfOrganization || operation.name == "getEmployeeByAccount" else { continue }
                let question = question(operation, place)
                let answer = try await server.send(
                    operation.method.rawValue, path(operation, place) + question.query, as: caller, in: first,
                    question.body)
                #expect(answer.status == 404, "\(operation.name) by \(caller.email): \(answer.text)")
            }
            let after = try await server.get("/audit?organization=\(second)&limit=1000", as: owner)
            #expect(after.positions == before.positions, "\(after.types)")
        }
    }
}
