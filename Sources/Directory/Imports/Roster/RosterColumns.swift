import DirectoryEvents

/// What a column of a roster says of a person.
enum RosterColumn: Hashable {
    case name, email, manager, role, type, groups
    case profile(ProfileField)

    /// By headers without regard to case, blanks, hyphens and underscores.
    private static let byHeader: [String: RosterColumn] = {
        var columns: [String: RosterColumn] = [
            "name": .name, "fullname": .name, "email": .email, "mail": .email, "emailaddress": .email,
            "manageremail": .manager, "manager": .manager, "role": .role, "title": .role, "jobtitle": .role,
            "type": .type, "group": .groups, "groups": .groups, "team": .groups, "teams": .groups,
        ]
        for field in EntityKind.employee.profileFields { columns[field.name.lowercased()] = .profile(field) }
        return columns
    }()

    /// The headers that a reader is told of.
    static let known =
        "name, email, manager_email, role, type, group, "
        + EntityKind.employee.profileFields.map(\.name).joined(separator: ", ")

    /// What a header means; `nil` for one that is not known.
    init?(header: String) {
        let key = String(
            String.UnicodeScalarView(header.unicodeScalars.filter { !" _-\u{A0}".unicodeScalars.contains($0) }))
        guard let column = Self.byHeader[key.lowercased()] else { return nil }
        self = column
    }
}

/// The columns of a roster, as its header names them.
struct RosterColumns {
    /// How many cells each row has.
    let count: Int
    /// The place of each known column.
    private let places: [RosterColumn: Int]
    private let header: [String]

    /// Headers of which nothing is imported.
    let ignored: [String]

    init(_ row: CSVTable.Row) throws(RosterFault) {
        var places: [RosterColumn: Int] = [:]
        var ignored: [String] = []
        for (index, header) in row.cells.enumerated() {
            guard let column = RosterColumn(header: header) else {
                if !header.isEmpty { ignored.append(RosterColumns.shown(header)) }
                continue
            }
            if let other = places[column] {
                throw RosterFault(
                    line: row.line,
                    "two columns have the same meaning, “\(row.cells[other])” and “\(header)”: remove one of them")
            }
            places[column] = index
        }
        guard places[.email] != nil else {
            throw RosterFault(
                line: row.line,
                "the first line must name the columns, and one of them must be email; known are \(RosterColumn.known)")
        }
        self.places = places
        self.ignored = ignored
        count = row.cells.count
        header = row.cells
    }

    /// The cell of a column; `nil` where it is empty or the column is missing.
    func cell(_ column: RosterColumn, in row: CSVTable.Row) -> String? {
        guard let place = places[column], place < row.cells.count, !row.cells[place].isEmpty else { return nil }
        return row.cells[place]
    }

    /// The header of a column, as the file has it.
    func title(_ column: RosterColumn) -> String? { places[column].map { header[$0] } }

    /// Whether a row is the header again, as in a file that was put together from others.
    func isHeader(_ row: CSVTable.Row) -> Bool { row.cells == header }

    private static func shown(_ header: String) -> String {
        String(TextRule.cleaned(header).unicodeScalars.prefix(40).map(Character.init))
    }
}
