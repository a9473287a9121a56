import Foundation
import Postgres
import TestSupport
import Testing

@testable import DirectoryAPI

@Suite struct ReadStatementTests {
    @Test func `The columns of every statement are those that its reader takes, in every variant`() async throws {
        let server = try await Server.shared
        let session = try await TestDatabase(url: server.database).session()
        for (name, variants) in ReadCatalog.all {
            #expect(variants.count == ReadVariant.all.count)
            for (variant, read) in variants.enumerated() {
                let given = try await session.query(read.statement, read.nulls).columnTypes
                #expect(given.count == read.columns.count, "\(name), variant \(variant)")
                for (type, column) in zip(given, read.columns) {
                    #expect(column.types.contains(type), "\(name), variant \(variant): \(column.sql) is \(type)")
                }
            }
        }
        await session.close()
    }

    @Test func `No statement is left out of the catalog`() throws {
        let folder = URL(fileURLWithPath: #filePath).appending(path: "../../../Sources/DirectoryAPI").standardized
        let names = Set(ReadCatalog.all.map(\.name))
        for file in ["Reads", "Lists"].flatMap({ files(in: folder.appending(path: $0)) }) {
            let text = try String(contentsOf: file, encoding: .utf8)
            // A statement is a static constant of an enum, made by ReadStatement or by a function that returns one.
            let made =
                /(?m)^enum (\w+)|static let (\w+) = (?:ReadStatement|EntityReads|EntityPages|entity|along|keys|edges|one)\b/
            var type: Substring = ""
            for match in text.matches(of: made) {
                if let name = match.1 { type = name }
                if let name = match.2 { #expect(names.contains("\(type).\(name)"), "\(file.lastPathComponent)") }
            }
        }
    }

    private func files(in folder: URL) -> [URL] {
        let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (found ?? []).filter { $0.pathExtension == "swift" }
    }
}
