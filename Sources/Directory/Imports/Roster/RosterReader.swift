import DirectoryEvents
import EventSourcing

/// Reads the rows of a roster one after the other, and notes everything that is wrong with each.
struct RosterReader {
    let columns: RosterColumns
    let today: CivilDate
    private(set) var rows: [RosterFile.Row] = []
    private(set) var faults: [RosterFault] = []
    /// The key of an address → the line that has the person, refused or not.
    private(set) var lines: [String: Int] = [:]

    init(columns: RosterColumns, today: CivilDate) {
        self.columns = columns
        self.today = today
    }

    mutating func read(_ row: CSVTable.Row) {
        let before = faults.count
        guard !columns.isHeader(row) else { return refuse(row, nil, "the header is repeated here: remove this line") }
        guard row.cells.count == columns.count else {
            return refuse(
                row, nil,
                "there are \(row.cells.count) cells, but the header has \(columns.count): a cell that has the separator in it "
                    + "must be in quotation marks")
        }
        let email = address(.email, row)
        if let email {
            let key = SearchText.emailKey(email)
            if let other = lines[key] {
                refuse(row, .email, "line \(other) has this person already: put both into one row")
            } else {
                lines[key] = row.line
            }
        } else if columns.cell(.email, in: row) == nil {
            refuse(row, .email, "it is empty, but people are told apart by it")
        }
        var fields = ImportLine.PersonFields(
            name: text(.name, .name, row), role: text(.role, .line, row), type: word(.type, row))
        for field in EntityKind.employee.profileFields {
            fields.profile[field.name] = value(.profile(field), row) { [today] in
                field.format.fault(in: $0, today: today)
            }
        }
        let manager = address(.manager, row)
        let groups = groups(row)
        guard let email, faults.count == before else { return }
        let read = RosterFile.Row(line: row.line, email: email, fields: fields, manager: manager, groups: groups)
        if read.managerKey == read.key { return refuse(row, .manager, "people cannot report to themselves") }
        rows.append(read)
    }

    /// Refuses rows whose managers report to each other.
    mutating func findCircles() {
        let rows = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        var examined: Set<String> = []
        var inCircles: Set<String> = []
        for row in self.rows {
            var way: [RosterFile.Row] = []
            var next: RosterFile.Row? = row
            while let current = next, examined.insert(current.key).inserted {
                way.append(current)
                next = current.managerKey.flatMap { rows[$0] }
            }
            // Where the way ends in a row of itself, it has gone round from there.
            guard let start = way.firstIndex(where: { $0.key == next?.key }) else { continue }
            let circle = way[start...].sorted { $0.line < $1.line }
            let named = circle.prefix(8).map { String($0.line) }.joined(separator: ", ")
            for row in circle {
                inCircles.insert(row.key)
                refuse(
                    row.line, .manager,
                    "the people of lines \(named)\(circle.count > 8 ? ", …" : "") report to each other in a circle")
            }
        }
        self.rows.removeAll { inCircles.contains($0.key) }
    }

    // MARK: Cells

    private mutating func value(
        _ column: RosterColumn, _ row: CSVTable.Row, _ fault: (String) -> String?
    ) -> String? {
        guard let text = columns.cell(column, in: row) else { return nil }
        guard let fault = fault(text) else { return text }
        refuse(row, column, "it \(fault)")
        return nil
    }

    private mutating func text(_ column: RosterColumn, _ rule: TextRule, _ row: CSVTable.Row) -> String? {
        value(column, row) { rule.fault(in: $0) }
    }

    private mutating func word(_ column: RosterColumn, _ row: CSVTable.Row) -> String? {
        value(column, row) { Word.accept($0) == nil ? Word.requirement : nil }.flatMap(Word.accept)
    }

    private mutating func address(_ column: RosterColumn, _ row: CSVTable.Row) -> String? {
        value(column, row) { EmailAddress.isValid($0) ? nil : "is not an e-mail address" }
    }

    private mutating func groups(_ row: CSVTable.Row) -> [String] {
        let names = (columns.cell(.groups, in: row) ?? "").unicodeScalars.split(separator: ";").map {
            Substring($0).trimmed
        }
        var groups: [String: String] = [:]
        for name in names where !name.isEmpty {
            if let fault = TextRule.name.fault(in: name) { refuse(row, .groups, "a name of a group \(fault)") }
            groups[SearchText.caseless(name)] = name
        }
        return names.filter { groups.removeValue(forKey: SearchText.caseless($0)) != nil }
    }

    private mutating func refuse(_ row: CSVTable.Row, _ column: RosterColumn?, _ reason: String) {
        refuse(row.line, column, reason)
    }

    private mutating func refuse(_ line: Int, _ column: RosterColumn?, _ reason: String) {
        faults.append(RosterFault(line: line, column: column.flatMap(columns.title), reason))
    }
}
