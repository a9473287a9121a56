import Foundation
import Testing
@testable import DirectoryAPI
@Test func zzDump() throws {
    try FileManager.default.createDirectory(atPath: "/tmp/docs", withIntermediateDirectories: true)
    try Data(OpenAPI.bytes).write(to: URL(filePath: "/tmp/docs/openapi.json"))
    try Data(DocumentationPage.html.utf8).write(to: URL(filePath: "/tmp/docs/docs.html"))
    try Data(DocumentationPage.policy.utf8).write(to: URL(filePath: "/tmp/docs/policy"))
}
