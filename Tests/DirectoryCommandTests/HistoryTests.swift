import CanonicalJSON
import Foundation
import Postgres
import TestSupport
import Testing

/// A whole history is imported through the command line, and at each of its marks the API answers what was true then, when it is
/// the present and ever after, by the time at which it took effect; after a rebuild every table is the same, byte for byte.
///
/// `DIRECTORY_TEST_DATA` names the folder of the real one, as `ReportingHistory` says; without it a generated history of the
/// same shape is used.
@Suite struct HistoryTests {
    @Test func `The API tells the truth at every mark, and a rebuild makes the same bytes`() async throws {
        let history = try ReportingHistory.load()
        let lines = history.lines.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        try await Scratch.use { scratch in
            let url = try await TestDatabase.make().url
            let environment = ["DIRECTORY_DATABASE_URL": url, "DIRECTORY_KEYS": scratch.path("k")]
            try await Service.use(["--bootstrap-admin", "root@example.com"], in: scratch, environment: environment) {
                service in
                let admin = try await Program.run(
                    "token", "--account", "root@example.com", in: scratch, environment: environment)
                let token = try #require(admin.lines.first)
                var organization = ""
                var answered: [[String: [UInt8]]] = []
                for mark in history.marks {
                    let file = try scratch.write(
                        Data(lines[..<mark.line].joined(separator: [0x0A])) + [0x0A], to: "history")
                    let outcome = try await Program.run(
                        "import", file, "--name", "History", "--owner", "owner@example.com", in: scratch,
                        environment: environment)
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    organization = try #require(outcome.lines.last?.split(separator: " ").last.map(String.init))
                    let answer = try await service.get(
                        "/api/v1/employee?status=ACTIVE", token: token, organization: organization)
                    #expect(answer.status == 200)
                    let (employees, reports) = try present(answer.json)
                    #expect(employees == mark.employees, "line \(mark.line)")
                    #expect(reports == mark.reports, "line \(mark.line)")
                    var answers: [String: [UInt8]] = [:]
                    for path in paths(of: answer.json, organization) {
                        answers[path] = try await service.get(path, token: token, organization: organization).body
                    }
                    answered.append(answers)
                }
                for (mark, answers) in zip(history.marks, answered) {
                    let time = try #require(try lastTime(of: lines, through: mark.line), "line \(mark.line)")
                    let answer = try await service.get(
                        "/api/v1/employee?status=ACTIVE&asOf=\(time)&effective=true", token: token,
                        organization: organization)
                    let (employees, reports) = try present(answer.json)
                    #expect(employees == mark.employees, "as of line \(mark.line)")
                    #expect(reports == mark.reports, "as of line \(mark.line)")
                    for (path, body) in answers {
                        let moment = "\(path.contains("?") ? "&" : "?")asOf=\(time)&effective=true"
                        let past = try await service.get(path + moment, token: token, organization: organization)
                        #expect(past.body == body, "\(path) as of line \(mark.line)")
                    }
                }
                try await compare(history, lines, service, token, organization, scratch, environment)
                let served = try await checksums(url)
                let rebuilt = try await Program.run("rebuild", in: scratch, environment: environment)
                #expect(rebuilt.status == 0, "\(rebuilt.errors)")
                #expect(rebuilt.lines.dropFirst().dropLast().allSatisfy { $0.hasSuffix(" 0") }, "\(rebuilt.output)")
                #expect(try await checksums(url) == served)
            }
        }
    }

    /// GETs of the organization, and of some of its people.
    private func paths(of people: JSON, _ organization: String) -> [String] {
        let ids = (people.array ?? []).compactMap { $0["id"]?.string }
        let some = stride(from: 0, to: ids.count, by: max(ids.count / 8, 1)).map { ids[$0] }
        let ofPeople = some.flatMap { id in
            [
                "employee/\(id)", "employee/\(id)/managers", "employee/\(id)/chain", "employee/\(id)/profile",
                "employee/by-manager/\(id)", "employee/by-manager/\(id)?depth=all", "employee/by-manager/\(id)/counts",
                "entity/\(id)/groups",
            ]
        }
        let all = ["organization/\(organization)", "employee", "employee?manager=none", "employee?limit=7", "group"]
        return (all + ofPeople).map { "/api/v1/\($0)" }
    }

    /// Between the times of each mark and the next, what differs is what the truth says.
    private func compare(
        _ history: ReportingHistory, _ lines: [ArraySlice<UInt8>], _ service: Service, _ token: String,
        _ organization: String, _ scratch: Scratch, _ environment: [String: String]
    ) async throws {
        let everybody = try await service.get("/api/v1/employee", token: token, organization: organization)
        var words: [String: String] = [:]
        for person in try #require(everybody.json.array) {
            words[person["id"]?.string ?? ""] = String((person["email"]?.string ?? "").prefix { $0 != "@" })
        }
        let marks = try history.marks.compactMap { mark in
            try lastTime(of: lines, through: mark.line).map { (mark: mark, time: $0) }
        }
        for (earlier, later) in Array(zip(marks, marks.dropFirst())) + Array(zip(marks.prefix(1), marks.suffix(1))) {
            let answer = try await service.get(
                "/api/v1/audit/diff?from=\(earlier.time)&to=\(later.time)&effective=true", token: token,
                organization: organization)
            #expect(answer.status == 200, "\(answer.text)")
            var (employees, reports) = (earlier.mark.employees, earlier.mark.reports)
            for entity in answer.json.array ?? [] where entity["entityType"] == "EMPLOYEE" {
                let word = words[entity["entity"]?.string ?? ""] ?? ""
                for change in entity["changes"]?.array ?? [] {
                    switch change["field"]?.string {
                    case "/status":
                        if change["to"] == "ACTIVE" { employees.insert(word) } else { employees.remove(word) }
                    case "/managers":
                        func line(_ side: JSON?) -> [String]? {
                            side?["managerId"]?.string.map { [word, words[$0] ?? ""] }
                        }
                        if let old = line(change["from"]) { #expect(reports.remove(old) != nil) }
                        if let new = line(change["to"]) { reports.insert(new) }
                    default: continue
                    }
                }
            }
            #expect(employees == later.mark.employees, "line \(earlier.mark.line) to \(later.mark.line)")
            #expect(reports == later.mark.reports, "line \(earlier.mark.line) to \(later.mark.line)")
            let printed = try await Program.run(
                "diff", "--organization", organization, "--from", earlier.time, "--to", later.time, "--effective",
                "--json", in: scratch, environment: environment)
            let elements = try printed.lines.map { try JSON(parsing: Array($0.utf8), limits: .trusted) }
            #expect(elements == answer.json.array, "line \(earlier.mark.line) to \(later.mark.line)")
        }
    }

    /// The time of a line, unless the line after it has the same: the truth between the two is of no time.
    private func lastTime(of lines: [ArraySlice<UInt8>], through line: Int) throws -> String? {
        func time(_ index: Int) throws -> String? {
            guard lines.indices.contains(index), !lines[index].isEmpty else { return nil }
            return try JSON(parsing: Array(lines[index]), limits: .trusted)["at"]?.string
        }
        let last = try time(line - 1)
        return try last == time(line) ? nil : last
    }

    /// The employees and their lines, by the local parts of their addresses.
    private func present(_ list: JSON) throws -> (employees: Set<String>, reports: Set<[String]>) {
        let employees = try #require(list.array)
        var words: [String: String] = [:]
        for employee in employees {
            words[try #require(employee["id"]?.string)] = String(
                try #require(employee["email"]?.string).prefix { $0 != "@" })
        }
        var reports: Set<[String]> = []
        for employee in employees {
            for line in employee["managers"]?.array ?? [] {
                let manager = try #require(line["managerId"]?.string)
                #expect(line["type"] == "DIRECT")
                reports.insert([words[employee["id"]?.string ?? ""] ?? "", words[manager] ?? manager])
            }
        }
        return (Set(words.values), reports)
    }

    /// A checksum of the rows of every table of a read model, as text, independent of their order.
    private func checksums(_ url: String) async throws -> [String: String] {
        let session = try await PostgresSession.connect(
            ConnectionConfiguration(url: url, applicationName: "test"), logger: quiet)
        let tables = try await session.query(
            """
            select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind = 'r' and n.nspname ~ '_v[0-9]+$' order by 1
            """)
        var checksums: [String: String] = [:]
        for row in tables {
            let table = try row.text(0)
            let sum = try await session.query(
                Statement(
                    """
                    select count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' order by t::text collate "C")), '')
                    from \(table) t
                    """))
            checksums[table] = try sum[0].text(0)
        }
        await session.close()
        #expect(checksums.count >= 12)
        return checksums
    }
}
