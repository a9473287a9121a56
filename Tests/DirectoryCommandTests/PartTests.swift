import Configuration
import Foundation
import Logging
import Testing

@testable import DirectoryCommand

/// Parts of the command line that need neither database nor process.
@Suite struct PartTests {
    @Test func `A duration is a number and a unit of seconds, minutes, hours or days`() {
        #expect(TimeText.seconds("90s") == 90)
        #expect(TimeText.seconds("15m") == 900)
        #expect(TimeText.seconds("12h") == 43_200)
        #expect(TimeText.seconds("30d") == 2_592_000)
        #expect(TimeText.seconds("77") == 77)
        for wrong in ["", "h", "-1h", "1.5h", "1y", "9999999999999999999d", "99999999d"] {
            #expect(TimeText.seconds(wrong) == nil, "\(wrong)")
        }
    }

    @Test func `Progress shows the count, the percentage, the rate and the time left`() {
        let progress = Progress("Importing", "lines", isWatched: false)
        #expect(progress.text(0, of: 2591, after: .seconds(0)) == "Importing: 0 of 2,591 lines (0 %)")
        #expect(
            progress.text(1000, of: 2591, after: .seconds(2))
                == "Importing: 1,000 of 2,591 lines (38 %), 500 a second, 4 s left")
        #expect(
            progress.text(2591, of: 2591, after: .seconds(1))
                == "Importing: 2,591 of 2,591 lines (100 %), 2,591 a second")
        #expect(Progress.clock(3725) == "1 h 2 min")
        #expect(Progress.clock(200) == "3 min 20 s")
        #expect(Progress.grouped(1_234_567) == "1,234,567")
    }

    @Test func `A table aligns its columns, fits the width and shows no control characters`() {
        var table = TextTable(["N", "NAME"], rightAligned: [0])
        table.add(["1", "Émile"])
        table.add(["22", "red\u{1B}[31m"])
        #expect(table.text(width: nil) == " N  NAME\n 1  Émile\n22  red\u{FFFD}[31m\n")
        #expect(table.text(width: 6) == " N  N…\n 1  É…\n22  r…\n")
    }

    @Test func `Variables that look like settings and are not are found`() {
        let names = [
            "PATH", "DIRECTORY_PORT", "DIRECTORY_PRT", "DIRECTORY_TEST_DATA", "DIRECTORY_SERVICE_HOST",
            "DIRECTORY_JWK", "DIRECTORY_JWKS",
        ]
        #expect(Settings.unknown(in: names) == ["DIRECTORY_JWK", "DIRECTORY_PRT"])
    }

    @Test func `An empty variable counts as unset`() throws {
        let environment = EnvironmentVariablesProvider(environmentVariables: [
            "DIRECTORY_HOST": "", "DIRECTORY_PORT": "0",
        ])
        let settings = try Settings(environment)
        #expect(settings.host == nil)
        #expect(settings.port == 0)
    }

    /// A service named `directory` gives every pod a variable of this name.
    @Test func `The port variable that Kubernetes sets is ignored`() throws {
        func port(_ text: String) throws -> Int? {
            try Settings(EnvironmentVariablesProvider(environmentVariables: ["DIRECTORY_PORT": text])).port
        }
        #expect(try port("tcp://10.0.0.1:80") == nil)
        #expect(try port("8081") == 8081)
        #expect(throws: (any Error).self) { try port("10.0.0.1:80") }
    }

    @Test func `Deadlines of reads and lists are settings of serve`() throws {
        let environment = EnvironmentVariablesProvider(environmentVariables: [
            "DIRECTORY_READ_DEADLINE": "7", "DIRECTORY_LIST_DEADLINE": "2m",
        ])
        let settings = try Settings(environment)
        #expect(settings.readDeadline == .seconds(7))
        #expect(settings.listDeadline == .seconds(120))
        let other = try Settings(environment, isServing: false)
        #expect(other.readDeadline == nil && other.listDeadline == nil)
    }

    @Test
    func `An identity provider needs a required issuer and audience, and keys that nobody can change on their way`()
        throws
    {
        func settings(_ variables: [String: String], isServing: Bool = true) throws -> Settings {
            try Settings(EnvironmentVariablesProvider(environmentVariables: variables), isServing: isServing)
        }
        var variables = ["DIRECTORY_JWKS": "https://id.example/keys", "DIRECTORY_JWT_ISSUER": "https://id.example"]
        #expect(throws: (any Error).self) { try settings(variables) }
        #expect(try settings(variables, isServing: false).identityProvider == nil)
        variables["DIRECTORY_JWT_AUDIENCE"] = "directory"
        let provider = try settings(variables).identityProvider
        #expect(provider?.source == .url("https://id.example/keys") && provider?.namesEmail == false)
        variables["DIRECTORY_JWKS_SUBJECT"] = "email"
        #expect(try settings(variables).identityProvider?.namesEmail == true)
        variables["DIRECTORY_JWKS_SUBJECT"] = "name"
        #expect(throws: (any Error).self) { try settings(variables) }
        variables["DIRECTORY_JWKS_SUBJECT"] = nil
        variables["DIRECTORY_JWKS"] = "http://id.example/keys"
        #expect(throws: (any Error).self) { try settings(variables) }
        #expect(try settings([:]).identityProvider == nil)
    }

    @Test func `A fingerprint depends on the log and on each key that it protects`() throws {
        let log = UUID(), one = [UInt8](repeating: 1, count: 32), two = [UInt8](repeating: 2, count: 32)
        let fingerprint = NodeKeys.fingerprint(of: two, log, master: one)
        #expect(NodeKeys.fingerprint(of: two, log, master: one) == fingerprint)
        #expect(NodeKeys.fingerprint(of: two, UUID(), master: one) != fingerprint)
        #expect(NodeKeys.fingerprint(of: two, log, master: two) != fingerprint)
        #expect(NodeKeys.fingerprint(of: one, log, master: one) != fingerprint)
        #expect("\(NodeKeys(master: one, logSigning: [1: two], jwtSecret: one))" == "NodeKeys")
    }

    @Test func `The welcome shows an address to connect to and no password`() {
        let welcome = Welcome(host: "::", location: .server("postgres://a:hush@b/c"), administrator: "a@b")
        #expect(welcome.text(port: 80).contains("http://[::1]:80\n"))
        #expect(!welcome.text(port: 80).contains("hush"))
        #expect(welcome.text(port: 80).contains("http://[::1]:80/console\n"))
    }

    @Test func `The welcome has a link that signs in, with the token where no server sees it`() {
        var welcome = Welcome(host: "0.0.0.0", location: .folder("data"), administrator: "a@b")
        welcome.token = "a.b.c"
        let organization = UUID()
        welcome.organization = (organization, false)
        #expect(
            welcome.text(port: 80).contains(
                "http://127.0.0.1:80/console#token=a.b.c&org=\(organization.uuidString.lowercased())\n"))
    }
}
