import Logging

/// For what is under test: its log is no part of a test's outcome.
package let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })
