import CanonicalJSON
import Testing

@Suite struct AccountTests {
    let cast: Cast
    var server: Server { cast.server }

    init() async throws { cast = try await Cast.make() }

    /// Everyone who has a grant in the organization.
    private var members: [Person] {
        [cast.owner, cast.administrator, cast.manager, cast.employee, cast.auditor, cast.inactive]
    }

    @Test func `Owners and auditors see the accounts of their organization`() async throws {
        let linked = try await server.makeAccount()
        _ = try await server.makeEmployee(cast.organization, by: cast.owner, account: linked)
        let seen = try await server.get("/account", as: cast.owner)
        for member in members + [linked] { #expect(seen.ids.contains(member.id), "\(member.email)") }
        #expect(!seen.ids.contains(cast.stranger.id))
        #expect(seen.ids.count == members.count + 1)
        #expect(try await server.get("/account", as: cast.auditor).ids.count == members.count + 1)
    }

    @Test func `Other members see their own account alone`() async throws {
        #expect(try await server.get("/account", as: cast.manager).ids == [cast.manager.id])
    }

    @Test func `SYSTEM_ADMIN sees all accounts, in order of creation`() async throws {
        let orphan = try await server.makeAccount("orphan", by: cast.owner)
        let all = try await server.get("/account", as: server.admin)
        #expect(Set(all.ids).isSuperset(of: [cast.owner.id, cast.stranger.id, orphan.id, server.admin.id]))
        #expect(all.ids.first == server.admin.id)
    }

    @Test func `X-Organization does not narrow the list of accounts`() async throws {
        let seen = try await server.get("/account", as: cast.owner)
        #expect(try await server.get("/account", as: cast.owner, in: cast.organization).body == seen.body)
        #expect(try await server.get("/account", as: cast.owner, in: cast.foreign).status == 404)
    }

    @Test func `The maker of an account sees it as long as it has no grant`() async throws {
        let orphan = try await server.makeAccount("orphan", by: cast.owner)
        let seen = try await server.get("/account", as: cast.owner)
        #expect(seen.ids.contains(orphan.id))
        #expect(seen.ids.count == members.count + 1)
        #expect(try await server.get("/account", as: cast.auditor).ids.count == members.count)
        try await server.grant("EMPLOYEE", to: orphan, in: cast.foreign, by: cast.stranger)
        #expect(try await server.get("/account/\(orphan.id)", as: cast.owner).status == 404)
        #expect(try await server.get("/account", as: cast.owner).ids.count == members.count)
    }

    @Test func `The list shows each account exactly as it is shown alone`() async throws {
        let both = try await server.makeMember("AUDITOR", of: cast.organization, by: cast.owner)
        try await server.grant("ADMIN", to: both, in: cast.foreign, by: cast.stranger)
        let everyone = [
            cast.owner, cast.administrator, cast.manager, cast.employee, cast.auditor, cast.stranger,
            cast.inactive,
            both, server.admin,
        ]
        let confined = [
            try await server.confined(both, to: cast.organization),
            try await server.confined(server.admin, to: cast.foreign),
        ]
        for caller in everyone.filter({ $0.id != cast.inactive.id }) + confined {
            let list = try await server.get("/account", as: caller)
            for account in everyone {
                let one = try await server.get("/account/\(account.id)", as: caller)
                let listed = list.ids.contains(account.id)
                #expect((one.status == 200) == listed, "\(account.email) by \(caller.email): \(one.status)")
                // SYSTEM_ADMIN's own is changed by other tests meanwhile.
                if one.status == 200, account.id != server.admin.id {
                    #expect(list.text.contains(one.text), "\(account.email) by \(caller.email)")
                }
                let byEmail = try await server.get("/account/\(account.email.uppercased())", as: caller)
                #expect(byEmail.status == one.status)
                if one.status == 200, account.id != server.admin.id { #expect(byEmail.body == one.body) }
            }
        }
    }

    @Test func `An account is made with the fields given, and shown the same again`() async throws {
        let email = unique("Jörg.Ångström") + "@Example.org"
        let made = try await server.post("/account", as: cast.administrator, #"{"name":"Jörg","email":"\#(email)"}"#)
        #expect(made.status == 201)
        #expect(made.header("Location") == "/api/v1/account/\(made.id)")
        #expect(made.names == ["id", "email", "name", "active", "status", "created", "mappings", "grants"])
        #expect(made["email"] == email)
        let next = try await server.get("/account/\(made.id)", as: cast.administrator)
        #expect(next.body == made.body)
        #expect(next.tag == made.tag)
    }

    @Test func `An address is unique among all accounts, in any case`() async throws {
        let email = unique("Jörg.Ångström") + "@Example.org"
        let made = try await server.post("/account", as: cast.administrator, #"{"email":"\#(email)"}"#)
        #expect(made.status == 201)
        for same in [email.uppercased(), email.lowercased()] {
            let taken = try await server.post("/account", as: server.admin, #"{"email":"\#(same)"}"#)
            #expect(taken.status == 409, "\(same)")
            #expect(taken.pointers == ["/email"])
        }
    }

    @Test func `Members without a right to administer make no accounts`() async throws {
        for caller in [cast.manager, cast.employee, cast.auditor] {
            #expect(try await server.post("/account", as: caller, #"{"email":"a@b.c"}"#).status == 403)
        }
    }

    @Test func `An account needs a well-formed address`() async throws {
        for bad in [
            "", "x", "@", "a@", "@b", "a b@c", "a@b..c", "a@-b", "<a@b>", String(repeating: "a", count: 250) + "@b.cd",
        ] {
            #expect(
                try await server.post("/account", as: server.admin, #"{"email":"\#(bad)"}"#).status == 400, "\(bad)")
        }
        #expect(try await server.post("/account", as: server.admin, "{}").pointers == ["/email"])
    }

    @Test func `An account's preferences are shown to itself and SYSTEM_ADMIN`() async throws {
        let own = try await server.get("/account/me", as: cast.employee)
        #expect(own.id == cast.employee.id)
        #expect(own.json["preferences"] != nil)
        #expect(own.body == (try await server.get("/account/\(cast.employee.id)", as: cast.employee)).body)
        let byOwner = try await server.get("/account/\(cast.employee.id)", as: cast.owner)
        #expect(byOwner.json["preferences"] == nil)
        #expect(byOwner.json["mappings"]?.array?.isEmpty == true)
    }

    @Test func `The tag of an account differs between callers and moves with their grants`() async throws {
        let own = try await server.get("/account/me", as: cast.employee)
        let byOwner = try await server.get("/account/\(cast.employee.id)", as: cast.owner)
        #expect(byOwner.tag != own.tag)
        #expect(own.tag?.wholeMatch(of: /"\d+-\d+h"/) != nil)
        let held = ["If-None-Match": byOwner.tag ?? ""]
        #expect(try await server.get("/account/\(cast.employee.id)", as: cast.owner, headers: held).status == 304)
        // The owner's own grants change what it sees of others: its tags move.
        _ = try await server.makeOrganization(cast.owner)
        #expect(try await server.get("/account/\(cast.employee.id)", as: cast.owner, headers: held).status == 200)
    }

    @Test func `An unknown account is 404`() async throws {
        #expect(try await server.get("/account/nobody@example.org", as: server.admin).status == 404)
        #expect(try await server.get("/account/nonsense", as: server.admin).status == 404)
    }

    @Test func `Others see only the grants in organizations whose accounts they may see`() async throws {
        let account = try await server.makeMember("EMPLOYEE", of: cast.organization, by: cast.owner)
        try await server.grant("MANAGER", to: account, in: cast.foreign, by: cast.stranger)
        func organizations(_ caller: Person) async throws -> [String?] {
            let answer = try await server.get("/account/\(account.id)", as: caller)
            return (answer.json["grants"]?.array ?? []).map { $0["orgId"]?.string }
        }
        #expect(try await organizations(account) == [cast.organization, cast.foreign])
        #expect(try await organizations(server.admin) == [cast.organization, cast.foreign])
        #expect(try await organizations(cast.owner) == [cast.organization])
        #expect(try await organizations(cast.auditor) == [cast.organization])
        #expect(try await organizations(cast.stranger) == [cast.foreign])
        let confined = try await server.confined(account, to: cast.foreign)
        #expect(try await organizations(confined) == [cast.foreign])
    }

    @Test func `An account changes its own name, and nobody else's`() async throws {
        let path = "/account/\(cast.employee.id)"
        let renamed = try await server.patch(path, as: cast.employee, #"{"name":"Emil"}"#)
        #expect(renamed["name"] == "Emil")
        #expect(try await server.get(path, as: cast.employee).body == renamed.body)
        #expect(try await server.patch(path, as: cast.owner, #"{"name":"Other"}"#).status == 403)
        #expect(try await server.patch(path, as: cast.employee, #"{"email":"mine@example.org"}"#).status == 403)
        #expect(
            try await server.patch("/account/\(cast.stranger.id)", as: cast.owner, #"{"name":"x"}"#).status == 404)
    }

    @Test func `A change that repeats what is there is not refused`() async throws {
        let path = "/account/\(cast.employee.id)"
        try await server.patch(path, as: cast.employee, #"{"name":"Emil"}"#)
        let same = #"{"name":"Emil","email":"\#(cast.employee.email)"}"#
        #expect(try await server.patch(path, as: cast.owner, same).status == 200)
    }

    @Test func `SYSTEM_ADMIN changes an address to one that no other account has`() async throws {
        let path = "/account/\(cast.employee.id)"
        let email = unique("moved") + "@example.org"
        let moved = try await server.patch(
            "/account/\(cast.employee.email)", as: server.admin, #"{"email":"\#(email)"}"#)
        #expect(moved["email"] == email)
        #expect(try await server.get("/account/\(cast.employee.email)", as: server.admin).status == 404)
        let taken = try await server.patch(path, as: server.admin, #"{"email":"\#(cast.owner.email.uppercased())"}"#)
        #expect(taken.status == 409)
    }

    @Test func `A name can be cleared, an address cannot, and a status is not a field`() async throws {
        let path = "/account/\(cast.employee.id)"
        try await server.patch(path, as: cast.employee, #"{"name":"Emil"}"#)
        #expect(try await server.patch(path, as: server.admin, #"{"name":null}"#).json["name"] == nil)
        for bad in [#"{"email":null}"#, #"{"email":""}"#, #"{"status":"INACTIVE"}"#] {
            #expect(try await server.patch(path, as: server.admin, bad).status == 400, "\(bad)")
        }
    }

    @Test func `A token may name its account by e-mail address, in any case`() async throws {
        let account = try await server.makeAccount()
        let token = try await server.issuer.token(subject: account.email.uppercased(), expires: .distantFuture)
        let caller = Person(id: account.id, email: account.email, token: token)
        #expect(try await server.get("/account/me", as: caller).id == account.id)
        #expect(try await server.post("/organization", as: caller, #"{"name":"Mine"}"#).status == 201)
        #expect(try await server.get("/organization", as: caller).ids.count == 1)
    }

    @Test func `A caller that its token names by e-mail address changes that address, and is shown the change`()
        async throws
    {
        let account = try await server.makeAccount()
        try await server.post("/account/\(account.id)/grant", as: server.admin, #"{"role":"SYSTEM_ADMIN"}"#)
        let token = try await server.issuer.token(subject: account.email, expires: .distantFuture)
        let caller = Person(id: account.id, email: account.email, token: token)
        let email = unique("moved") + "@example.org"
        let moved = try await server.patch("/account/\(account.id)", as: caller, #"{"email":"\#(email)"}"#)
        #expect(moved.status == 200 && moved["email"] == email)
        #expect(try await server.get("/account/me", as: account).body == moved.body)
        // The token names nobody any longer.
        #expect(try await server.get("/account/me", as: caller).status == 401)
        // Who deactivates itself is shown that as well.
        let gone = try await server.delete("/account/\(account.id)", as: account)
        #expect(gone.status == 200 && gone.json["active"]?.bool == false)
    }

    @Test func `A deactivated account's tokens are refused, and its employee and grants stay`() async throws {
        let path = "/account/\(cast.employee.id)"
        let gone = try await server.delete(path, as: server.admin)
        #expect(gone.status == 200)
        #expect(gone.json["active"]?.bool == false)
        #expect(try await server.delete(path, as: server.admin).body == gone.body)
        #expect(try await server.get("/account/me", as: cast.employee).status == 401)
        #expect(try await server.patch(path, as: cast.employee, #"{"name":"x"}"#).status == 401)
        #expect(
            try await server.get("/employee/\(cast.employeeEmployee)", as: cast.owner).json["active"]?.bool == true)
        #expect(gone.json["grants"]?.array?.count == 1)
        #expect(try await server.get(path, as: cast.owner).status == 200)
        let back = try await server.post("\(path)/activate", as: server.admin)
        #expect(back.json["active"]?.bool == true)
        #expect(try await server.get("/account/me", as: cast.employee).status == 200)
    }

    @Test func `The account of the last active OWNER cannot be deactivated`() async throws {
        #expect(try await server.delete("/account/\(cast.owner.id)", as: server.admin).status == 422)
    }

    @Test func `An account is deactivated by its id, not by its address`() async throws {
        #expect(try await server.delete("/account/\(cast.employee.email)", as: server.admin).status == 404)
    }

    @Test func `The administrators are the OWNERs and ADMINs that the caller sees`() async throws {
        try await server.grant("ADMIN", to: cast.owner, in: cast.organization, by: cast.owner)
        let expected = Set([cast.owner.id, cast.administrator.id, cast.inactive.id])
        for caller in [cast.owner, cast.auditor, cast.administrator] {
            let listed = try await server.get("/account/org-admins", as: caller)
            #expect(Set(listed.ids) == expected)
            #expect(listed.ids.count == expected.count, "each once")
        }
        #expect(try await server.get("/account/org-admins", as: cast.employee).text == "[]")
        #expect(try await server.get("/account/org-admins", as: server.admin).status == 400)
        #expect(
            Set(try await server.get("/account/org-admins", as: server.admin, in: cast.organization).ids) == expected)
    }

    @Test func `The employees of an account are those that the caller sees`() async throws {
        let account = try await server.makeAccount()
        let here = try await server.makeEmployee(cast.organization, by: cast.owner, account: account)
        let there = try await server.makeEmployee(cast.foreign, by: cast.stranger, account: account)
        let path = "/account/\(account.id)/employees"
        #expect(try await server.get(path, as: account).ids == [here, there])
        #expect(try await server.get(path, as: server.admin).ids == [here, there])
        #expect(try await server.get(path, as: cast.owner).ids == [here])
        #expect(try await server.get(path, as: cast.stranger).ids == [there])
        #expect(try await server.get(path, as: account, in: cast.foreign).ids == [there])
        #expect(try await server.get(path, as: cast.employee).status == 404)
        #expect(try await server.get("/account/nonsense/employees", as: server.admin).status == 404)
    }

    @Test func `The list of an account's employees has each as it is shown alone, in every status`() async throws {
        let account = try await server.makeAccount()
        let here = try await server.makeEmployee(cast.organization, by: cast.owner, account: account)
        _ = try await server.makeEmployee(cast.foreign, by: cast.stranger, account: account)
        let path = "/account/\(account.id)/employees"
        let one = try await server.get("/employee/\(here)", as: cast.owner)
        #expect(try await server.get(path, as: cast.owner).text == "[\(one.text)]")
        let own = try await server.get("/employee/\(here)", as: account)
        #expect(try await server.get(path, as: account).text.hasPrefix("[\(own.text),"))
        try await server.delete("/employee/\(here)", as: cast.owner)
        #expect(try await server.get(path, as: cast.owner).ids == [here], "every status")
    }

    @Test func `Members have a grant in the organization or an active employee in it`() async throws {
        // Linked first, then its grant is revoked.
        let linked = try await server.makeAccount("linked", by: cast.owner)
        let employee = try await server.makeEmployee(cast.organization, by: cast.owner, account: linked)
        try await server.delete(
            "/account/\(linked.id)/grant?orgId=\(cast.organization)&role=EMPLOYEE", as: cast.owner)
        let expected = Set((members + [linked]).map(\.id))
        #expect(Set(try await server.get("/account/for-org", as: cast.owner).ids) == expected)
        #expect(try await server.get("/account/for-org", as: cast.employee).ids == [cast.employee.id])
        #expect(try await server.get("/account/for-org", as: linked).ids == [linked.id])
        try await server.delete("/employee/\(employee)", as: cast.owner)
        #expect(!(try await server.get("/account/for-org", as: cast.owner)).ids.contains(linked.id))
    }
}
