import CanonicalJSON
import Testing

/// In every list a change after the moment of the first page does not show on later pages.
@Suite struct ListMomentTests {
    /// An organization with something in each of its lists, four of each kind at least.
    private struct Scene {
        let server: Server
        let organization: String
        let owner: Person
        /// More organizations of the owner.
        let others: [String]
        /// Accounts with the role ADMIN; one account that is listed only because of its active employee, and that employee.
        let administrators: [Person]
        let linked: Person
        let linkedEmployee: String
        /// Employees: their manager and those above; those who report; those without a manager; those whose manager has gone.
        let above, reports, free, left: [String]
        let gone: String
        /// An account with an employee in each of the organizations.
        let everywhere: Person
        let employees: [String]

        /// On a node of its own, so that no other test changes what SYSTEM_ADMIN, who sees everything, is shown.
        static func make() async throws -> Scene {
            let server = try await Server.start()
            let (organization, owner) = try await server.makeOrganization()
            func four<T>(_ make: () async throws -> T) async throws -> [T] {
                var all: [T] = []
                for _ in 0..<4 { all.append(try await make()) }
                return all
            }
            func employee(_ name: String) async throws -> String {
                try await server.makeEmployee(organization, by: owner, name: name)
            }
            let others = try await four { try await server.makeOrganization(owner) }
            let administrators = try await four { try await server.makeMember("ADMIN", of: organization, by: owner) }
            let (above, reports) = (
                try await four { try await employee("A Bove") }, try await four { try await employee("Paul Page") }
            )
            let (free, left) = (
                try await four { try await employee("F Ree") }, try await four { try await employee("L Eft") }
            )
            let gone = try await employee("G One")
            for (lower, upper) in zip(above, above.dropFirst()) { try await server.assign(upper, to: lower, by: owner) }
            for report in reports { try await server.assign(above[0], to: report, by: owner) }
            for employee in left { try await server.assign(gone, to: employee, by: owner) }
            try await server.delete("/employee/\(gone)", as: owner)
            let linked = try await server.makeAccount("linked", by: owner)
            let linkedEmployee = try await server.makeEmployee(organization, by: owner, account: linked)
            try await server.delete("/account/\(linked.id)/grant?orgId=\(organization)&role=EMPLOYEE", as: owner)
            let everywhere = try await server.makeAccount("everywhere", by: owner)
            var employees: [String] = []
            for place in [organization] + others {
                employees.append(try await server.makeEmployee(place, by: owner, account: everywhere))
            }
            return Scene(
                server: server, organization: organization, owner: owner, others: others,
                administrators: administrators, linked: linked, linkedEmployee: linkedEmployee, above: above,
                reports: reports, free: free, left: left, gone: gone, everywhere: everywhere, employees: employees)
        }

        /// Renames, deactivates, ends a line, a link and a grant: in each list something after its first element.
        func change() async throws {
            func done(_ answer: Answer) throws { try #require(answer.status == 200, "\(answer.text)") }
            func rename(_ employee: String) async throws {
                try done(try await server.patch("/employee/\(employee)", as: owner, #"{"name":"Some Other"}"#))
            }
            func deactivate(_ employee: String) async throws {
                try done(try await server.delete("/employee/\(employee)", as: owner))
            }
            func end(_ line: (employee: String, manager: String)) async throws {
                try done(try await server.delete("/employee/\(line.employee)/managers/\(line.manager)", as: owner))
            }
            try done(try await server.patch("/organization/\(others[0])", as: owner, #"{"name":"Renamed"}"#))
            try done(try await server.delete("/organization/\(others[3])", as: owner))
            try done(
                try await server.patch(
                    "/organization/\(others[1])", as: owner, #"{"ownerEmail":"\#(unique("second"))@example.org"}"#))
            _ = try await server.makeOrganization(owner)

            try done(
                try await server.patch("/account/\(administrators[1].id)", as: administrators[1], #"{"name":"New"}"#))
            try done(try await server.delete("/account/\(administrators[2].id)", as: server.admin))
            try done(
                try await server.delete(
                    "/account/\(administrators[3].id)/grant?orgId=\(organization)&role=ADMIN", as: owner))
            try await deactivate(linkedEmployee)
            _ = try await server.makeMember("ADMIN", of: organization, by: owner)

            try await rename(employees[1])
            try await deactivate(employees[2])
            try done(try await server.patch("/employee/\(employees[3])", as: owner, #"{"account":null}"#))

            try await rename(reports[1])
            try await deactivate(reports[2])
            try await end((reports[3], above[0]))
            try await rename(above[1])
            try await end((above[1], above[2]))
            try await deactivate(above[3])
            try await rename(free[1])
            try await deactivate(free[2])
            try await server.assign(above[0], to: free[3], by: owner)
            try await rename(left[1])
            try await end((left[2], gone))
            try done(try await server.post("/employee/\(gone)/activate", as: owner))
        }
    }

    @Test func `All pages of a list show one moment, whatever changes meanwhile`() async throws {
        let scene = try await Scene.make()
        let server = scene.server
        let confined = try await server.confined(scene.owner, to: scene.organization)
        let (report, top) = (scene.reports[0], scene.above[3])
        let lists: [(path: String, caller: Person)] = [
            ("/organization", scene.owner), ("/organization", server.admin), ("/account", scene.owner),
            ("/account", server.admin), ("/account", confined),
            ("/account/org-admins", confined), ("/account/for-org", confined),
            ("/account/\(scene.everywhere.id)/employees", scene.owner), ("/employee", confined),
            ("/employee?status=ACTIVE", confined), ("/employee?manager=none", confined),
            ("/employee?manager=inactive", confined), ("/employee/by-name/paul%20page", confined),
            ("/employee/by-manager/\(scene.above[0])", confined),
            ("/employee/by-manager/\(scene.above[0])?type=DIRECT", confined),
            ("/employee/by-manager/\(top)?depth=all", confined), ("/employee/by-manager/\(top)?depth=4", confined),
            ("/employee/\(report)/chain", confined), ("/employee/\(report)/chain?type=DIRECT", confined),
        ]
        var began: [(whole: Answer, first: Answer)] = []
        for (path, caller) in lists {
            let whole = try await server.get(path, as: caller)
            #expect(whole.ids.count >= 4, "\(path)")
            let mark = path.contains("?") ? "&" : "?"
            began.append((whole, try await server.get("\(path)\(mark)limit=1", as: caller)))
        }
        try await scene.change()
        for ((path, caller), (whole, first)) in zip(lists, began) {
            #expect(try await server.get(path, as: caller).body != whole.body, "\(path): nothing has changed")
            var elements: [Substring] = []
            var page = first
            while true {
                #expect(page.ids.count == 1, "\(path)")
                #expect(page.position == first.position, "\(path)")
                elements.append(page.text.dropFirst().dropLast())
                guard let next = page.nextPath else { break }
                page = try await server.get(next, as: caller)
            }
            #expect("[\(elements.joined(separator: ","))]" == whole.text, "\(path) by \(caller.email)")
        }
        try await server.stop()
    }
}
