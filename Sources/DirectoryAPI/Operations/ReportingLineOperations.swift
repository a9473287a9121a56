import CanonicalJSON
import Directory
import DirectoryEvents
import EventSourcing
import FoundationEssentials

extension Presentation {
    static let managers = Presentation(
        schema: "ManagerReference[]", render: { try $0.managers(ofEmployee: $2, for: $1) },
        read: { try await $0.entity(.employee, EmployeeReads.byID, $1, at: $2).managers() })
}

extension Operations {
    static let reportingLines: [Operation] = [
        .get(
            "/api/v1/employee/{employee}/managers", "listManagers", 34, .reportingLines, "List managers of employee",
            access: .permission(.read), gives: ResponseShape(schema: "ManagerReference", isArray: true, hasTag: true)
        ) { try await $0.entity(.employee, EmployeeReads.byID, $0.uuid("employee"), at: $1).managers() },
        .mutation(
            .post, "/api/v1/employee/{employee}/managers", "assignManager", 35, .reportingLines,
            "Add a manager, or change the type of the line to one", access: .permission(.change),
            body: ManagerBody.self,
            shows: .managers
        ) { request, body in
            AssignManager(request.uuid("employee"), manager: body.manager, type: body.type)
        },
        .mutation(
            .put, "/api/v1/employee/{employee}/managers", "replaceManagers", nil, .reportingLines,
            "Replace all managers of employee", access: .permission(.change), body: ManagerListBody.self,
            shows: .managers
        ) { request, body in
            ReplaceManagers(request.uuid("employee"), lines: body.lines.map { ($0.manager, $0.type) })
        },
        .mutation(
            .delete, "/api/v1/employee/{employee}/managers/{manager}", "removeManager", 36, .reportingLines,
            "Remove manager from employee", access: .permission(.change), shows: .managers, isEmpty: true
        ) { request in RemoveManager(request.uuid("employee"), manager: request.uuid("manager")) },
        .list(
            "/api/v1/employee/by-manager/{managerId}", "listReports", 41, .reportingLines,
            "List reports of manager, direct ones or of any depth", access: .permission(.read),
            query: [
                QueryParameter(
                    "type", .word, "Only over lines of this type; with depth DIRECT if not given.",
                    example: "DIRECT"),
                QueryParameter(
                    "depth", .depth, "How many steps down, or all; without it direct reports only.",
                    example: "all"),
            ], of: "Employee"
        ) { request in
            let manager = request.uuid("managerId")
            return try await request.list(from: { try await $0.organization(ofEmployee: manager, at: $1) }) { _ in
                request.query("depth").map {
                    .reports(below: manager, over: request.query("type") ?? DefaultType.line, depth: Int64($0))
                } ?? .reports(to: manager, over: request.query("type"))
            }
        },
        .list(
            "/api/v1/employee/by-manager/{managerId}/counts", "countReports", nil, .reportingLines,
            "Count the people below each direct report of manager", access: .permission(.read),
            query: [QueryParameter("type", .word, "Over lines of this type; DIRECT if not given.", example: "DIRECT")],
            of: "ReportCount"
        ) { request in
            let manager = request.uuid("managerId")
            return try await request.list(from: { try await $0.organization(ofEmployee: manager, at: $1) }) { _ in
                .reportCounts(of: manager, over: request.query("type") ?? DefaultType.line)
            }
        },
        .list(
            "/api/v1/employee/{employee}/chain", "getChain", nil, .reportingLines,
            "List all managers above employee, nearest first", access: .permission(.read),
            query: [QueryParameter("type", .word, "Over lines of this type; DIRECT if not given.", example: "DIRECT")],
            of: "Employee"
        ) { request in
            let employee = request.uuid("employee")
            return try await request.list(from: { try await $0.organization(ofEmployee: employee, at: $1) }) { _ in
                .chain(above: employee, over: request.query("type") ?? DefaultType.line)
            }
        },
    ]
}
