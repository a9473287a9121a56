// All calls to the operating system are here: elsewhere, names such as `write` and `signal` have other meanings.
#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Makes a write to a pipe without a reader fail instead of ending the process.
func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

enum Platform {
    static let interrupt = SIGINT
    static let terminate = SIGTERM

    /// Disables a signal's default action, so that only signal sources receive it.
    static func ignore(_ number: Int32) { signal(number, SIG_IGN) }

    /// Ends the process at once, without running exit handlers.
    static func end(_ status: Int32) -> Never { _exit(status) }

    static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

    /// The number of columns of a terminal.
    static func width(_ descriptor: Int32) -> Int? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
    }

    /// The names of all environment variables.
    static var environmentNames: [String] {
        var names: [String] = []
        var next = environ
        while let entry = next.pointee {
            names.append(String(String(cString: entry).prefix { $0 != "=" }))
            next += 1
        }
        return names
    }

    static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// The outcome of an attempt to write.
    enum Written {
        case bytes(Int)
        case tryAgain
        case readerGone
        case failed(String)
    }

    /// Waits until the descriptor can be written to. False if the time runs out.
    static func isWritable(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return system(poll: &poll, milliseconds) != 0
    }

    private static func system(poll descriptor: inout pollfd, _ milliseconds: Int32) -> Int32 {
        poll(&descriptor, 1, milliseconds)
    }

    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Written {
        #if canImport(Darwin)
            let count = Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
            let count = Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
        if count >= 0 { return .bytes(count) }
        switch errno {
        case EINTR, EAGAIN: return .tryAgain
        case EPIPE: return .readerGone
        default: return .failed(String(cString: strerror(errno)))
        }
    }
}
