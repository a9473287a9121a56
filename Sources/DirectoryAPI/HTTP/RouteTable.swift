/// Finds the operation of a method and path. A name in the path goes before a parameter.
///
/// A table of our own, since it is made from the declarations, gives 405 with `Allow`, and lets each operation name its
/// parameters as the reference does.
struct RouteTable: Sendable {
    /// What was found.
    enum Match: Sendable {
        /// The operation, and the encoded texts at its parameters.
        case operation(Operation, [Substring])
        /// The path exists, with these methods.
        case wrongMethod(allowed: [String])
        case unknownPath
    }

    private final class Node: Sendable {
        let names: [Substring: Node]
        let parameter: Node?
        let operations: [String: Operation]

        init(_ operations: [(path: ArraySlice<PathSegment>, operation: Operation)]) {
            var byName: [Substring: [(ArraySlice<PathSegment>, Operation)]] = [:]
            var parameters: [(ArraySlice<PathSegment>, Operation)] = []
            var own: [String: Operation] = [:]
            for (path, operation) in operations {
                switch path.first {
                case nil: own[operation.method.rawValue] = operation
                case .name(let name): byName[Substring(name), default: []].append((path.dropFirst(), operation))
                case .parameter: parameters.append((path.dropFirst(), operation))
                }
            }
            names = byName.mapValues { Node($0) }
            parameter = parameters.isEmpty ? nil : Node(parameters)
            self.operations = own
        }
    }

    private let root: Node

    init(_ operations: [Operation]) { root = Node(operations.map { (ArraySlice($0.path.segments), $0) }) }

    func match(_ method: String, _ path: String) -> Match {
        guard path.utf8.first == UInt8(ascii: "/") else { return .unknownPath }
        let segments = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Substring($0) }
        var allowed: Set<String> = []
        if let found = find(method, segments[...], root, [], &allowed) { return .operation(found.0, found.1) }
        return allowed.isEmpty ? .unknownPath : .wrongMethod(allowed: allowed.sorted())
    }

    private func find(
        _ method: String, _ rest: ArraySlice<Substring>, _ node: Node, _ values: [Substring],
        _ allowed: inout Set<String>
    ) -> (Operation, [Substring])? {
        guard let segment = rest.first else {
            if let operation = node.operations[method] { return (operation, values) }
            allowed.formUnion(node.operations.keys)
            return nil
        }
        if let next = node.names[segment] {
            if let found = find(method, rest.dropFirst(), next, values, &allowed) { return found }
            // A path is one resource: DELETE of /employee/me is no DELETE of the employee "me".
            if !allowed.isEmpty { return nil }
        }
        guard let next = node.parameter, !segment.isEmpty else { return nil }
        return find(method, rest.dropFirst(), next, values + [segment], &allowed)
    }
}
