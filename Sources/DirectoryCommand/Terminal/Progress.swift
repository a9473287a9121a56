import Synchronization

/// Shows the progress of a long operation on a terminal: amount done, rate, time left. It prints nothing to a pipe.
final class Progress: Sendable {
    private struct State {
        var drawn: ContinuousClock.Instant?
        var isLineOpen = false
    }

    private let what: String
    private let unit: String
    private let start = ContinuousClock.now
    private let isWatched: Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - what: what is being done: `Importing`.
    ///   - unit: what is counted: `lines`.
    init(_ what: String, _ unit: String, isWatched: Bool = Terminal.isWatched) {
        self.what = what
        self.unit = unit
        self.isWatched = isWatched
    }

    /// Shows the progress, at most a few times per second.
    func show(_ done: Int64, of total: Int64) {
        guard isWatched else { return }
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            if let drawn = state.drawn, now - drawn < .milliseconds(150), done < total { return false }
            state.drawn = now
            state.isLineOpen = true
            return true
        }
        // Return to the beginning of the line, and erase what is left of the previous text.
        if isDue { Terminal.say("\r\(text(done, of: total, after: now - start))\u{1B}[K") }
    }

    /// Erases the line, so that the next output starts on an empty one.
    func end() {
        guard state.withLock({ $0.isLineOpen }) else { return }
        state.withLock { $0.isLineOpen = false }
        Terminal.say("\r\u{1B}[K")
    }

    /// `Importing: 1,200 of 2,591 lines (46 %), 2,900 a second, 1 s left`.
    func text(_ done: Int64, of total: Int64, after elapsed: Duration) -> String {
        var text = "\(what): \(Progress.grouped(done)) of \(Progress.grouped(total)) \(unit)"
        if total > 0 { text += " (\(done * 100 / total) %)" }
        let seconds = Progress.seconds(elapsed)
        guard done > 0, seconds > 0.2 else { return text }
        let rate = Double(done) / seconds
        text += ", \(Progress.grouped(Int64(rate))) a second"
        guard done < total else { return text }
        return text + ", \(Progress.clock(Int64((Double(total - done) / rate).rounded(.up)))) left"
    }

    /// `1,234,567`.
    static func grouped(_ number: Int64) -> String {
        var digits = String(number.magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        groups.insert(digits, at: 0)
        return (number < 0 ? "-" : "") + groups.joined(separator: ",")
    }

    /// `8 s`, `3 min 20 s`, `2 h 5 min`.
    static func clock(_ seconds: Int64) -> String {
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }

    static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    }
}
