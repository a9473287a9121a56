import Directory
import DirectoryEvents
import EmployeeFacetsProjection
import EmployeeNamesProjection
import EmployeesProjection
import EventSourcing
import FoundationEssentials
import Postgres
import ReportingLinesProjection

/// Which employees of an organization are listed. All conditions must hold.
struct EmployeeFilter: StatusFilter {
    /// What is asked of an employee's DIRECT managers.
    enum Manager: String, Sendable { case none, inactive }

    var status: String?
    var type: String?
    /// The key of an e-mail address.
    var email: String?
    var manager: Manager?
}

extension EntityList {
    /// The employees of an organization that meet a filter.
    static func employees(_ filter: EmployeeFilter) -> EntityList {
        switch (filter.manager, filter.email, filter.type, filter.status) {
        case (.inactive, _, _, _): .employees(found: EmployeeLists.withInactiveManager, filter)
        case (.some(.none), _, _, _): .along(EmployeeLists.withoutManager, filter)
        case (nil, .some, _, _): .along(EmployeeLists.byEmail, filter)
        case (nil, nil, .some, _): .along(EmployeeLists.byType, filter)
        case (nil, nil, nil, .some): .along(EmployeeLists.byStatus, filter)
        case (nil, nil, nil, nil): .along(EmployeePages.all, ())
        }
    }

    /// The employees of an organization in whose names each word of one of these searches begins a word.
    static func employees(named searches: [[String]]) -> EntityList {
        .employees { request, scope in
            var found: Set<Int64> = []
            for words in searches {
                // The longest word is in the fewest names: it is looked for first.
                let input = FoundBy(
                    organization: scope.facts.organization, argument: words.sorted { $0.utf8.count > $1.utf8.count })
                found.formUnion(
                    try await EmployeeLists.byName.run(request.service.walks, request.caller, scope.moment, input)
                        .first ?? [])
            }
            return found.sorted()
        }
    }
}

/// The statements that list employees by their facets, names and lines.
enum EmployeeLists {
    typealias Page = EntityPages.Page<EmployeeFilter>

    static let byStatus = along { _ in "f.status = s.status" }

    static let byType = along { "f.type = \($0.text { $0.argument.filter.type }) and f.status = s.status" }

    static let byEmail = along {
        "f.email_key = \($0.text { $0.argument.filter.email }) and f.status = s.status and \(ofType($0))"
    }

    static let withoutManager = along(Employees.self) {
        let email = $0.text { $0.argument.filter.email }
        return """
            not f.managed and f.status = \(ReadSQL.active) and s.status = f.status
            and (\(email) is null or f.email_key = \(email)) and \(ofType($0))
            """
    }

    private static func ofType(_ parameters: ReadParameters<PageOf<EmployeeFilter>>) -> String {
        let type = parameters.text { $0.argument.filter.type }
        return "(\(type) is null or f.type = \(type))"
    }

    private static func along<Table: Projection>(
        _ table: Table.Type = EmployeeFacets.self,
        _ condition: @escaping (ReadParameters<PageOf<EmployeeFilter>>) -> String
    ) -> Page {
        EntityPages.along(Employees.self, facets: table, where: condition)
    }

    /// From the inactive people to those who have a line to one of them.
    static let withInactiveManager = keys { (sql, parameters: ReadParameters<FoundBy<EmployeeFilter>>) in
        let organization = parameters.organization()
        let facets = sql.rows(EmployeeFacets.self)
        let status = parameters.text { $0.argument.argument.status }
        let type = parameters.text { $0.argument.argument.type }
        let email = parameters.text { $0.argument.argument.email }
        return """
            select distinct f.created as key from \(facets) m
            cross join lateral (select l.employee from \(sql.rows(ReportingLines.self)) l
                where l.manager = m.employee and l.type = '\(DefaultType.line)' offset 0) l
            cross join lateral (select f.created, f.status, f.type, f.email_key from \(facets) f
                where f.employee = l.employee offset 0) f
            where m.organization = \(organization) and m.status in (\(ReadSQL.notActive))
            and f.status = \(ReadSQL.active) and (\(status) is null or f.status = \(status))
            and (\(type) is null or f.type = \(type)) and (\(email) is null or f.email_key = \(email))
            """
    }

    /// From the first word to the names that hold the others as well.
    static let byName = keys { (sql, parameters: ReadParameters<FoundBy<[String]>>) in
        let names = sql.rows(EmployeeNames.self)
        let first = parameters.text { $0.argument.argument.first }
        let others = parameters.texts { Array($0.argument.argument.dropFirst()) }
        func begins(_ word: String) -> String { "n.word >= \(word) and n.word < \(word) || U&'\\+10FFFF'" }
        return """
            select k.created as key from (
                select distinct n.employee from \(names) n
                where n.organization = \(parameters.organization()) and \(begins(first))
            ) f cross join lateral (\(EmployeeWalks.created(of: "f.employee"))) k
            where not exists (select from unnest(\(others)) q (word) where not exists (
                select from \(names) n where n.employee = f.employee and \(begins("q.word")) offset 0) offset 0)
            """
    }

    /// A statement that gives all keys of a query at once, in the order of creation.
    private static func keys<Argument>(
        _ query: @escaping (ReadSQL, ReadParameters<FoundBy<Argument>>) -> String
    ) -> ReadStatement<FoundBy<Argument>, [Int64]> {
        .keys("f.key") { sql, parameters, keys in "select \(keys) from (\(query(sql, parameters))) f" }
    }
}
