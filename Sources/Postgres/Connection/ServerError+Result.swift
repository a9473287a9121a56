import CLibPQ

extension ServerError {
    /// Reads the fields of an error result.
    init(_ result: OpaquePointer, step: Int?) {
        func field(_ code: Int32) -> String? { PQresultErrorField(result, code).map { String(cString: $0) } }
        self.init(
            sqlState: field(DiagnosticField.sqlState) ?? "",
            message: field(DiagnosticField.message) ?? String(cString: PQresultErrorMessage(result)).firstLine,
            detail: field(DiagnosticField.detail), hint: field(DiagnosticField.hint),
            constraint: field(DiagnosticField.constraint), statementIndex: step)
    }

    /// Whether the error ended the connection.
    static func isFatal(_ result: OpaquePointer) -> Bool {
        guard let severity = PQresultErrorField(result, DiagnosticField.severity) else { return false }
        let text = String(cString: severity)
        return text == "FATAL" || text == "PANIC"
    }

    /// Whether the prepared statement can no longer be used: its result type has changed, or it does not exist.
    var invalidatesPlan: Bool {
        (sqlState == "0A000" && message.contains("cached plan")) || sqlState == "26000"
    }
}

/// The letters of `PQresultErrorField` (macros with casts, which Swift does not import).
private enum DiagnosticField {
    static let severity = Int32(UInt8(ascii: "V"))
    static let sqlState = Int32(UInt8(ascii: "C"))
    static let message = Int32(UInt8(ascii: "M"))
    static let detail = Int32(UInt8(ascii: "D"))
    static let hint = Int32(UInt8(ascii: "H"))
    static let constraint = Int32(UInt8(ascii: "n"))
}

extension String {
    /// The first line; the lines after it are libpq's guesses.
    var firstLine: String { String(prefix { !$0.isNewline }) }
}
