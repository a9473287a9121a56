import Logging

/// A logger that discards everything: what is logged is not part of a test's outcome.
package let quiet = Logger(label: "tests", factory: { _ in SwiftLogNoOpLogHandler() })
