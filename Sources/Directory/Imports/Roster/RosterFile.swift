import Crypto
import DirectoryEvents
import EventSourcing

/// The people of an organization, as a spreadsheet lists them: one row a person, known by the e-mail address. It says what is, not
/// what happened: whoever is not in it stays as they are, and an empty cell changes nothing.
public struct RosterFile: Sendable {
    /// One person.
    struct Row: Sendable {
        let line: Int
        let email: String
        let fields: ImportLine.PersonFields
        let manager: String?
        /// The names of groups to be a member of, each once.
        let groups: [String]

        /// Under which the person is found.
        var key: String { SearchText.emailKey(email) }
        var managerKey: String? { manager.map(SearchText.emailKey) }
    }

    /// The rows without a fault of their own.
    let rows: [Row]
    /// What is wrong with the other rows.
    let faults: [RosterFault]
    let columns: RosterColumns
    /// The key of an address → the line that has the person, refused or not.
    let lines: [String: Int]
    /// What the log records of it.
    public let record: ImportedFile

    /// Headers of which nothing is imported.
    public var ignoredColumns: [String] { columns.ignored }

    /// Reads a file.
    /// - Parameter now: no birth date may be later.
    /// - Throws: what makes it impossible to tell rows and columns apart.
    public init(parsing bytes: [UInt8], now: Instant) throws(RosterFault) {
        let table = try CSVTable(parsing: bytes)
        guard let header = table.rows.first else { throw RosterFault(line: 1, "the file is empty") }
        columns = try RosterColumns(header)
        var reader = RosterReader(columns: columns, today: CivilDate(now))
        for row in table.rows.dropFirst() { reader.read(row) }
        reader.findCircles()
        rows = reader.rows
        faults = reader.faults
        lines = reader.lines
        record = ImportedFile(
            lines: table.lineCount, digest: SHA256.hash(data: bytes).hexadecimal, begins: nil)
    }
}

/// What is wrong with a row of a roster, or with the file as a whole.
public struct RosterFault: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line on which the row begins, from 1.
    public let line: Int
    /// The header of the column at fault, as the file has it; `nil` for the row as a whole.
    public let column: String?
    /// What is wrong, and what to do.
    public let reason: String

    init(line: Int, column: String? = nil, _ reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    public var description: String { "line \(line): " + (column.map { "\($0): " } ?? "") + reason }
}
