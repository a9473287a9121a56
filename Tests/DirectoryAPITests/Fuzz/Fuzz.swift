import Foundation
import TestSupport
import Testing

/// Runs a target on one input after the other until its time is over. The same seed makes the same inputs.
struct Fuzz {
    /// How long all targets take together, in seconds; `nil` where fuzzing is not asked for.
    static let seconds = number("DIRECTORY_FUZZ_SECONDS")
    static let seed = UInt64(number("DIRECTORY_FUZZ_SEED") ?? 0)
    /// How many targets share the time.
    static let targets = 14.0

    private let name: String
    private let note: FileHandle?

    init(_ name: String) {
        self.name = name
        // A trap ends the process: what it was made by is in this file.
        let folder = URL(fileURLWithPath: ".build/fuzz")
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent(name)
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        note = FileHandle(forWritingAtPath: file.path)
    }

    private static func number(_ variable: String) -> Double? {
        ProcessInfo.processInfo.environment[variable].flatMap { Double($0) }
    }

    /// An input's property that does not hold.
    struct Fault: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) { self.description = description }
    }

    /// Runs a target.
    /// - Parameters:
    ///   - make: makes an input.
    ///   - check: throws where a property does not hold; answers whether the input was accepted.
    func run<Input>(
        _ make: (inout SeededGenerator) throws -> Input, _ check: (Input) async throws -> Bool
    ) async throws {
        let end = ContinuousClock.now + .seconds((Fuzz.seconds ?? 0) / Fuzz.targets)
        var (count, accepted, faults): (UInt64, Int, Int) = (0, 0, 0)
        while ContinuousClock.now < end, faults < 5 {
            var random = SeededGenerator(Fuzz.seed &* 0x2545_F491_4F6C_DD1D &+ count)
            let input = try make(&random)
            let place = "\(name), seed \(Fuzz.seed), input \(count): \(Fuzz.shown(input))"
            write(place)
            do {
                if try await check(input) { accepted += 1 }
            } catch {
                Issue.record("\(error): \(place)")
                faults += 1
            }
            count += 1
            // Other tests run on the same few threads.
            if count.isMultiple(of: 64) { await Task.yield() }
        }
        print("fuzz: \(name): \(count) inputs, \(accepted) of them accepted")
        // A target that accepts nothing shows nothing of what is accepted.
        #expect(accepted > 0 || count < 1000)
    }

    private func write(_ text: String) {
        guard let note else { return }
        try? note.seek(toOffset: 0)
        try? note.write(contentsOf: Data("\(text)\n".utf8))
        try? note.truncate(atOffset: note.offset())
    }

    /// An input in ASCII, so that one sees what is in it.
    private static func shown(_ input: some Any) -> String {
        let text = (input as? [UInt8]).map { String(decoding: $0, as: UTF8.self) } ?? "\(input)"
        return text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
    }
}

/// Expects a property of an input.
func hold(_ condition: Bool, _ property: String) throws {
    guard condition else { throw Fuzz.Fault("does not hold: \(property)") }
}
