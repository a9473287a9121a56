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
        // A statement is a static constant of a type, made by ReadStatement or by a function that returns one.
        let type = /(?m)^(?:public )?(?:enum|struct|extension) (\w+)/
        let made =
            #/
            static\slet\s(\w+)(?::\s[^=\n]+)?\s=\s
            (?:ReadStatement|EntityReads|EntityPages|entity|along|keys|edges|one|organizations)[\s\(<.]
            /#
        var found = 0
        for file in try files(in: folder) {
            let text = try String(contentsOf: file, encoding: .utf8)
            let types = text.matches(of: type)
            for match in text.matches(of: made) {
                let owner = types.last { $0.range.lowerBound < match.range.lowerBound }?.1 ?? ""
                #expect(names.contains("\(owner).\(match.1)"), "\(file.lastPathComponent)")
                found += 1
            }
        }
        // Otherwise the test would prove little.
        #expect(found > 50)
    }

    private func files(in folder: URL) throws -> [URL] {
        let found = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
        return found.compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    }
}
