/// All operations of the API.
enum Operations {
    static let all: [Operation] = employees + reportingLines + service
}
