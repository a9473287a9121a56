/// The three streams, as a Unix tool uses them: results to stdout, words to stderr.
enum Terminal {
    private static let output: Int32 = 1
    private static let complaints: Int32 = 2
    /// What a pipe takes without blocking once it takes anything (POSIX: PIPE_BUF is at least 512, 4,096 on Linux).
    private static let piece = 4096

    /// Whether somebody watches the results.
    static var outputIsTerminal: Bool { Platform.isTerminal(output) }
    /// Whether somebody watches what is said meanwhile.
    static var isWatched: Bool { Platform.isTerminal(complaints) }
    /// How many columns the terminal has that shows the results.
    static var columns: Int? { Platform.width(output) }

    /// Writes results.
    /// - Throws: `Failure.brokenPipe` where nobody reads them any more; `CancellationError` while nobody does.
    static func write(_ bytes: some Collection<UInt8>) throws {
        try put(Array(bytes), into: output)
    }

    /// Writes a line of results.
    static func print(_ line: String) throws { try write(Array((line + "\n").utf8)) }

    /// Says what is wrong; whoever does not listen is not told.
    static func complain(_ message: String) { try? put(Array("directory: \(message)\n".utf8), into: complaints) }

    /// Says something that is neither a result nor wrong.
    static func say(_ text: String) { try? put(Array(text.utf8), into: complaints) }

    /// In pieces that do not block, so that a reader who has stopped reading does not keep us from being stopped.
    private static func put(_ bytes: [UInt8], into descriptor: Int32) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            while !Platform.isWritable(descriptor, milliseconds: 200) { try Task.checkCancellation() }
            switch rest.prefix(piece).withUnsafeBytes({ Platform.write($0, to: descriptor) }) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .tryAgain: try Task.checkCancellation()
            case .readerGone: throw Failure.brokenPipe
            case .failed(let reason): throw Failure("The output cannot be written: \(reason)")
            }
        }
    }
}
