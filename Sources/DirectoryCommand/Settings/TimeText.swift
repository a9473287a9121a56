/// Durations as people write them.
enum TimeText {
    /// The seconds of `90s`, `15m`, `12h`, `30d`, or of a bare number of seconds.
    static func seconds(_ text: String) -> Int? {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let last = text.last else { return nil }
        let unit = units[last]
        guard let number = Int(unit == nil ? text : String(text.dropLast())), number >= 0 else { return nil }
        let (seconds, isTooMuch) = number.multipliedReportingOverflow(by: unit ?? 1)
        // At most a hundred years: anything longer is surely a mistake.
        return isTooMuch || seconds > 3_155_760_000 ? nil : seconds
    }
}
