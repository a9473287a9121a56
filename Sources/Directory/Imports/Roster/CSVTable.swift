import SwiftCSV

/// The rows of a CSV file (RFC 4180) in UTF-8, with or without a byte order mark. Their cells are separated by commas, semicolons
/// or tabs: by whichever comes first in the first line.
struct CSVTable {
    /// A row that has something in a cell.
    struct Row {
        /// The line of the file on which it begins, from 1.
        let line: Int
        /// Its cells, without the white space around them.
        let cells: [String]
    }

    /// All rows but empty ones, the header first.
    let rows: [Row]
    /// How many lines the file has.
    let lineCount: Int

    /// - Throws: what is wrong with the file as a whole, at the first such line.
    init(parsing bytes: [UInt8]) throws(RosterFault) {
        let text = try CSVTable.text(bytes)
        let reader = Reader()
        do {
            // A last line of its own tells whether all quotation marks are closed by then: the parser does not.
            let csv = try EnumeratedCSV(
                string: text + "\n" + Reader.end, delimiter: .guessed(string: text), loadColumns: false, rowLimit: 0)
            try csv.enumerateAsArray(startAt: 0, rowLimit: nil) { reader.add($0) }
        } catch {
            throw RosterFault(
                line: reader.line,
                "a quotation mark in a cell must be doubled, and the whole cell put in quotation marks: \"5\"\" disk\"")
        }
        guard reader.isComplete else {
            throw RosterFault(line: reader.lastLine, "a quotation mark that begins a cell here is never closed")
        }
        rows = reader.rows.filter { $0.cells.contains { !$0.isEmpty } }
        lineCount = reader.lastLine - 1
    }

    private static func text(_ bytes: [UInt8]) throws(RosterFault) -> String {
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw RosterFault(line: 1, "the file is in UTF-16: \(howToSave)")
        }
        let bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        throw RosterFault(line: line + 1, "a letter here is not in UTF-8: \(howToSave)")
    }

    private static let howToSave = "save the spreadsheet as “CSV UTF-8”"
}

/// Takes rows from the parser, which tells nothing of lines.
private final class Reader {
    /// The cell of the last row.
    static let end = "end of the file"
    private(set) var rows: [CSVTable.Row] = []
    /// The line on which the next row begins.
    private(set) var line = 1
    /// The line on which the last row began.
    private(set) var lastLine = 1
    /// Whether the last row was found.
    private(set) var isComplete = false

    func add(_ cells: [String]) {
        lastLine = line
        line += 1
        isComplete = cells == [Reader.end]
        guard !isComplete else { return }
        for cell in cells { line += cell.count { $0.isNewline } }
        rows.append(CSVTable.Row(line: lastLine, cells: cells.map(\.trimmed)))
    }
}

extension StringProtocol {
    /// The text without the white space around it.
    var trimmed: String {
        let scalars = unicodeScalars.drop { $0.properties.isWhitespace }
        guard let last = scalars.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(String.UnicodeScalarView(scalars[...last]))
    }
}
