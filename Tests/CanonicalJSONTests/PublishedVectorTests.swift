import CanonicalJSON
import Foundation
import Testing

private let vectorFile: String? = {
    guard let folder = ProcessInfo.processInfo.environment["DIRECTORY_TEST_DATA"] else {
        print("The published vectors of RFC 8785 are skipped: DIRECTORY_TEST_DATA is not set.")
        return nil
    }
    return folder + "/vectors/rfc8785.ndjson"
}()

@Suite(.enabled(if: vectorFile != nil, "DIRECTORY_TEST_DATA is not set"))
struct PublishedVectorTests {
    @Test func `Every published input has the published canonical bytes`() throws {
        let file = try Data(contentsOf: URL(fileURLWithPath: #require(vectorFile)))
        let lines = file.split(separator: UInt8(ascii: "\n"))
        #expect(!lines.isEmpty)
        for line in lines {
            let vector = try JSON(parsing: line)
            let name = try #require(vector["case"]?.string)
            let input = try #require(vector["inputBase64"]?.string.flatMap { Data(base64Encoded: $0) })
            let expected = try #require(vector["outputHex"]?.string)

            let canonical = try JSON(parsing: input).canonicalBytes()
            #expect(hexadecimal(canonical) == expected, "case \(name)")
            #expect(try JSON(parsing: canonical).canonicalBytes() == canonical, "case \(name)")
        }
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
