import Synchronization

/// The output streams, as Unix tools use them: results to stdout, messages to stderr.
enum Terminal {
    private static let output: Int32 = 1
    private static let complaints: Int32 = 2
    /// What a writable pipe accepts without blocking, in bytes (PIPE_BUF: at least 512 by POSIX, 4,096 on Linux).
    private static let piece = 4096

    static var outputIsTerminal: Bool { Platform.isTerminal(output) }
    /// Whether messages and progress go to a terminal.
    static var isWatched: Bool { Platform.isTerminal(complaints) }
    /// The number of columns of the terminal that shows the results.
    static var columns: Int? { Platform.width(output) }

    /// Writes results.
    /// - Throws: `Failure.brokenPipe` if the reader has closed the pipe; `CancellationError` if the task is cancelled while
    ///   the reader does not read.
    static func write(_ bytes: some Collection<UInt8>) throws {
        try put(Array(bytes), into: output)
    }

    /// Writes a line of results.
    static func print(_ line: String) throws { try write(Array((line + "\n").utf8)) }

    /// Prints an error message; a closed stderr is ignored.
    static func complain(_ message: String) { try? put(Array("directory: \(message)\n".utf8), into: complaints) }

    /// Prints something that is neither a result nor an error.
    static func say(_ text: String) { try? put(Array(text.utf8), into: complaints) }

    /// So that lines of the log do not run into each other.
    private static let logging = Mutex(())

    /// Writes a line of the log. It is not given up when the task is cancelled; a closed stderr is ignored.
    static func log(_ line: [UInt8]) {
        logging.withLock { _ in
            var rest = line[...]
            while !rest.isEmpty {
                switch rest.withUnsafeBytes({ Platform.write($0, to: complaints) }) {
                case .bytes(let count): rest = rest.dropFirst(count)
                case .tryAgain: _ = Platform.isWritable(complaints, milliseconds: 200)
                case .readerGone, .failed: return
                }
            }
        }
    }

    /// Writes in pieces that do not block, so that the command can be cancelled even if the reader has stopped reading.
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
