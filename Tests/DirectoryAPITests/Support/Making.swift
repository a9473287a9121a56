import CanonicalJSON
import EventSourcing
import FoundationEssentials
import Testing

@testable import DirectoryAPI

extension Server {
    /// A token for an account, perhaps confined to an organization.
    func person(_ id: String, _ email: String, confinedTo organization: String? = nil) async throws -> Person {
        let token = try await issuer.token(
            subject: id, organization: organization.flatMap { UUID(text: $0) }, expires: .distantFuture)
        return Person(id: id, email: email, token: token)
    }

    /// The same account with a token confined to an organization.
    func confined(_ person: Person, to organization: String) async throws -> Person {
        try await self.person(person.id, person.email, confinedTo: organization)
    }

    func makeAccount(_ stem: String = "person", by creator: Person? = nil) async throws -> Person {
        let email = unique(stem) + "@example.org"
        let made = try await post("/account", as: creator ?? admin, #"{"email":"\#(email)"}"#)
        try #require(made.status == 201, "\(made.text)")
        return try await person(made.id, email)
    }

    /// A new organization of that owner.
    func makeOrganization(_ owner: Person, name: String? = nil) async throws -> String {
        let made = try await post("/organization", as: owner, #"{"name":"\#(name ?? unique("Organization "))"}"#)
        try #require(made.status == 201, "\(made.text)")
        return made.id
    }

    /// A new organization with a new owner.
    func makeOrganization() async throws -> (id: String, owner: Person) {
        let owner = try await makeAccount("owner")
        return (try await makeOrganization(owner), owner)
    }

    /// A new account with a role in an organization.
    func makeMember(_ role: String, of organization: String, by owner: Person) async throws -> Person {
        let account = try await makeAccount(role.lowercased())
        try await grant(role, to: account, in: organization, by: owner)
        return account
    }

    func grant(_ role: String, to account: Person, in organization: String, by owner: Person, employee: String? = nil)
        async throws
    {
        let link = employee.map { #","employeeId":"\#($0)""# } ?? ""
        let granted = try await post(
            "/account/\(account.email)/grant", as: owner,
            #"{"orgId":"\#(organization)","role":"\#(role)"\#(link)}"#)
        try #require(granted.status == 200, "\(granted.text)")
    }

    func makeEmployee(
        _ organization: String, by owner: Person, name: String = "Some Body", account: Person? = nil
    ) async throws -> String {
        if let account { try await grant("EMPLOYEE", to: account, in: organization, by: owner) }
        let link = account.map { #","account":"\#($0.id)""# } ?? ""
        let made = try await post(
            "/employee", as: owner, in: organization,
            #"{"name":"\#(name)","email":"\#(unique("e"))@example.org"\#(link)}"#)
        try #require(made.status == 201, "\(made.text)")
        return made.id
    }

    func makeGroup(_ organization: String, by owner: Person, type: String = "TEAM") async throws -> String {
        let made = try await post(
            "/group", as: owner, in: organization, #"{"name":"\#(unique("G"))","type":"\#(type)"}"#)
        try #require(made.status == 201, "\(made.text)")
        return made.id
    }

    /// Makes an entity a member of just these groups.
    /// - Parameter organization: the current one, where the entity is an account.
    @discardableResult
    func setGroups(
        of entity: String, _ groups: [String], type: String = "MEMBER", by owner: Person,
        in organization: String? = nil
    ) async throws -> Answer {
        let elements = groups.map { #"{"groupId":"\#($0)","type":"\#(type)"}"# }.joined(separator: ",")
        let set = try await post("/entity/\(entity)/groups", as: owner, in: organization, "[\(elements)]")
        try #require(set.status == 200, "\(set.text)")
        return set
    }

    func makeApp(_ organization: String, by owner: Person, _ body: String = #"{"type":"SLACK"}"#) async throws -> String
    {
        let made = try await post("/organization/\(organization)/apps", as: owner, body)
        try #require(made.status == 201, "\(made.text)")
        return made.id
    }

    /// A new webhook; nobody is at its URL unless another one is given.
    @discardableResult
    func makeWebhook(
        _ organization: String, by owner: Person, url: String = "https://hooks.example.invalid/", types: [String] = []
    ) async throws -> (id: String, secret: String) {
        let types = types.map { "\"\($0)\"" }.joined(separator: ",")
        let made = try await post(
            "/organization/\(organization)/webhooks", as: owner, #"{"url":"\#(url)","types":[\#(types)]}"#)
        try #require(made.status == 201, "\(made.text)")
        return (made.id, try #require(made["secret"]))
    }

    /// Puts an employee under a manager.
    func assign(_ manager: String, to employee: String, type: String = "DIRECT", by owner: Person) async throws {
        let made = try await post(
            "/employee/\(employee)/managers", as: owner, #"{"managerId":"\#(manager)","type":"\#(type)"}"#)
        try #require(made.status == 200, "\(made.text)")
    }
}
