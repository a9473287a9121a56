import Foundation
import Synchronization

/// What a program said and how it ended.
struct Outcome: Sendable {
    /// The exit status; the negative number of the signal that ended it.
    let status: Int32
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// The built binary, as a user runs it.
enum Program {
    /// Next to the test bundle.
    static let path: String = {
        let bundle = ProcessInfo.processInfo.arguments.first.map { URL(fileURLWithPath: $0) } ?? Bundle.main.bundleURL
        return bundle.deletingLastPathComponent().appendingPathComponent("directory").path
    }()

    @discardableResult
    static func run(_ arguments: String..., in scratch: Scratch, environment: [String: String] = [:]) async throws
        -> Outcome
    { try await Running(path, arguments, scratch, environment).outcome() }

    /// Runs a line of the shell, in which `$DIRECTORY` is the binary.
    static func shell(_ line: String, in scratch: Scratch, environment: [String: String] = [:]) async throws -> Outcome
    {
        try await Running("/bin/bash", ["-c", line], scratch, environment.merging(["DIRECTORY": path]) { $1 }).outcome()
    }
}

/// A program that runs.
final class Running: Sendable {
    private let process: Process
    private let files: (output: URL, errors: URL)
    private let ended = Mutex(false)

    /// Starts it, with nothing in its environment but what is named.
    init(_ path: String, _ arguments: [String], _ scratch: Scratch, _ environment: [String: String] = [:]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": scratch.path("home")].merging(environment) { $1 }
        let name = UUID().uuidString
        files = (URL(fileURLWithPath: scratch.path("\(name).out")), URL(fileURLWithPath: scratch.path("\(name).err")))
        for file in [files.output, files.errors] { try Data().write(to: file) }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: files.output)
        process.standardError = try FileHandle(forWritingTo: files.errors)
        self.process = process
        try process.run()
    }

    var isRunning: Bool { process.isRunning }
    var output: String { (try? String(contentsOf: files.output, encoding: .utf8)) ?? "" }
    var errors: String { (try? String(contentsOf: files.errors, encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end; after two minutes it counts as hung and is killed.
    func outcome() async throws -> Outcome {
        for _ in 0..<12_000 where process.isRunning { try await Task.sleep(for: .milliseconds(10)) }
        if process.isRunning { send(SIGKILL) }
        process.waitUntilExit()
        let status = process.terminationStatus
        return Outcome(
            status: process.terminationReason == .exit ? status : -status, output: output, errors: errors)
    }
}
