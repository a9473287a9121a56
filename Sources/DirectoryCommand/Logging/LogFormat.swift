/// How the log is written.
enum LogFormat: String, CaseIterable, Sendable {
    /// For people.
    case text
    /// For programs: a JSON object a line.
    case json

    /// For whoever reads stderr: people at a terminal, otherwise programs.
    static var automatic: LogFormat { Terminal.isWatched ? .text : .json }
}
