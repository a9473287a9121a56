/// A row of comma-separated values (RFC 4180) that is safe to open in a spreadsheet.
struct CSVRow {
    private let cells: [String]

    init(_ cells: [String]) { self.cells = cells }

    /// The row, with its end.
    var line: [UInt8] {
        var line: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { line.append(UInt8(ascii: ",")) }
            CSVRow.write(cell, to: &line)
        }
        line += [UInt8(ascii: "\r"), UInt8(ascii: "\n")]
        return line
    }

    /// What a spreadsheet would take for a formula begins with one of these; with an apostrophe before it, it is text.
    private static let formulaStarts = Array("=+-@\t\r".utf8)
    /// What only a quoted cell may have.
    private static let special = Array(",\"\r\n".utf8)

    /// Works on bytes, since a carriage return and a line feed are one `Character`.
    private static func write(_ cell: String, to line: inout [UInt8]) {
        let isFormula = cell.utf8.first.map(formulaStarts.contains) ?? false
        let isQuoted = cell.utf8.contains(where: special.contains)
        if isQuoted { line.append(UInt8(ascii: "\"")) }
        if isFormula { line.append(UInt8(ascii: "'")) }
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { line.append(byte) }
            line.append(byte)
        }
        if isQuoted { line.append(UInt8(ascii: "\"")) }
    }
}
