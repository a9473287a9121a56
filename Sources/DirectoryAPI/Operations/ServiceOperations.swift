import CommandProcessor
import Directory
import DirectoryEvents
import EventSourcing

extension Operations {
    /// Operations about the service itself.
    static let service: [Operation] = [
        Operation(
            method: .get, path: "/healthz", name: "getHealth", summary: "Whether the process answers",
            resource: .service,
            number: nil, access: .anyone, response: ResponseShape(schema: "Health")
        ) { _ in
            APIResponse(body: .json(Array(#"{"status":"ok"}"#.utf8)))
        },
        Operation(
            method: .get, path: "/readyz", name: "getReadiness",
            summary: "Whether requests can be carried out: the database is there, and this node may write",
            resource: .service, number: nil, access: .anyone, response: ResponseShape(schema: "Health")
        ) { request in
            let position = try await request.service.processor.submit(Probe())
            _ = try await request.service.reads.read("select 1")
            return APIResponse(body: .json(Array(#"{"status":"ready"}"#.utf8)), position: position)
        },
    ]
}

/// A command that changes nothing: it takes the way of all others, and so tells whether they would get through.
struct Probe: Command {
    var loads: [Load] { [] }

    func decide(_ view: View, at now: Instant) -> (Decision<DirectoryEvent>, Void) { (Decision([], by: .system), ()) }

    func respond(_ view: View, _ outcome: Outcome, _ memo: Void) -> Position { outcome.last }
}
