import ArgumentParser
import CommandProcessor
import Directory
import EmbeddedPostgres
import Foundation
import Migrations
import NIOCore
import Postgres
import ReadModels

/// Why a command failed: the message to print, and the exit status.
struct Failure: Error {
    /// What went wrong and what to do about it; `nil` to print nothing.
    let message: String?
    let code: Int32

    /// The exit statuses in use (sysexits.h, and 128 + the number of a signal).
    enum Code {
        static let failed: Int32 = 1
        static let unavailable: Int32 = 69
        static let brokenPipe: Int32 = 141
    }

    init(_ message: String?, code: Int32 = Code.failed) {
        self.message = message
        self.code = code
    }

    /// The reader closed the output, which is how `export | head` ends: nothing is printed.
    static let brokenPipe = Failure(nil, code: Code.brokenPipe)

    static func interrupted(by signal: Int32) -> Failure { Failure(nil, code: 128 + signal) }
}

extension Failure {
    /// The failure that an error is to the user; `nil` for errors of the argument parser, which prints its own.
    init?(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case is CleanExit, is ValidationError, is ExitCode: return nil
        case let error as PostgresError: self.init(database: error)
        case let error as ProcessorError: self.init(processor: error)
        case let error as EmbeddedPostgresError:
            self.init(error.message, code: error.kind == .notInstalled ? Code.unavailable : Code.failed)
        case let refusal as Refusal: self.init(refusal.detail)
        case is CancellationError: self = .interrupted(by: 2)
        case let error as any CustomStringConvertible: self.init(error.description)
        default: return nil
        }
    }

    private init(database error: PostgresError) {
        switch error {
        case .unavailable(let reason): self.init("The database cannot be reached: \(reason)", code: Code.unavailable)
        case .connectionLost(let reason):
            self.init("The connection to the database was lost: \(reason)", code: Code.unavailable)
        case .cancelled: self = .interrupted(by: 2)
        case .deadlineExceeded: self.init("The database did not respond in time.", code: Code.unavailable)
        case .server(let error) where error.sqlState == "42501":
            self.init("The database refused: \(error.message). Connect as the role that owns the directory's schemas.")
        default: self.init("The database refused: \(error)", code: error.isOutage ? Code.unavailable : Code.failed)
        }
    }

    private init(processor error: ProcessorError) {
        switch error {
        case .unavailable(let reason): self.init("The database cannot be reached: \(reason)", code: Code.unavailable)
        case .outcomeUnknown:
            self.init(
                "The database became unreachable while a change was being committed: it may have been made.",
                code: Code.unavailable)
        case .stopped(let reason): self.init("Writing has stopped: \(reason)")
        case .shuttingDown: self.init("The command was stopped before it had finished.")
        case .tooLarge(let reason), .failed(let reason): self.init("The database refused: \(reason)")
        }
    }
}

extension Failure {
    /// How the user chooses an address to listen on.
    struct AddressChoice {
        let host: String
        let port: String

        static let options = AddressChoice(host: "--host", port: "--port")
        static let metrics = AddressChoice(
            host: Variable.metricsAddress.rawValue, port: Variable.metricsAddress.rawValue)
    }

    /// The failure to listen on an address; `nil` for any other error.
    init?(listening error: any Error, on host: String, _ port: Int, _ choice: AddressChoice = .options) {
        let noAddress = "\(host) is not an address of this computer: choose another with \(choice.host)."
        if error is SocketAddressError || error is SocketAddressError.UnknownHost {
            self.init(noAddress)
            return
        }
        guard let error = error as? IOError else { return nil }
        switch error.errnoCode {
        case EADDRINUSE:
            self.init("Port \(port) on \(host) is in use by another program. Choose another with \(choice.port).")
        case EACCES:
            self.init("This user may not listen on port \(port): choose one above 1023 with \(choice.port).")
        case EADDRNOTAVAIL: self.init(noAddress)
        default: return nil
        }
    }
}
