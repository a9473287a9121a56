/// Finds the operation for a method and path. Literal segments take precedence over parameters.
///
/// It replaces the framework's router because it is built from the declarations, gives 405 with `Allow`, and lets each
/// operation name its parameters as in the reference.
struct RouteTable: Sendable {
    enum Match: Sendable {
        /// The operation, and the encoded texts of its parameters.
        case operation(Operation, [Substring])
        /// The path exists, but only with these methods.
        case wrongMethod(allowed: [String])
        case unknownPath
    }

    private final class Node: Sendable {
        /// Compared one by one: there are only a few, and hashing a segment takes longer.
        let names: [(text: [UInt8], node: Node)]
        let parameter: Node?
        let operations: [String: Operation]
        /// Those whose last parameter takes the rest of the path.
        let open: [String: Operation]

        init(_ operations: [(path: ArraySlice<PathSegment>, operation: Operation)]) {
            var byName: [String: [(ArraySlice<PathSegment>, Operation)]] = [:]
            var parameters: [(ArraySlice<PathSegment>, Operation)] = []
            var own: [String: Operation] = [:]
            var open: [String: Operation] = [:]
            for (path, operation) in operations {
                switch path.first {
                case .parameter where path.count == 1 && operation.path.isOpen:
                    open[operation.method.rawValue] = operation
                case nil: own[operation.method.rawValue] = operation
                case .name(let name): byName[name, default: []].append((path.dropFirst(), operation))
                case .parameter: parameters.append((path.dropFirst(), operation))
                }
            }
            names = byName.map { (Array($0.utf8), Node($1)) }
            parameter = parameters.isEmpty ? nil : Node(parameters)
            self.operations = own
            self.open = open
        }
    }

    private let root: Node

    /// - Parameter operations: each gets its place here as its `index`.
    init(_ operations: [Operation]) {
        root = Node(
            operations.enumerated().map { index, operation in
                var operation = operation
                operation.index = index
                return (ArraySlice(operation.path.segments), operation)
            })
    }

    func match(_ method: String, _ path: String) -> Match {
        guard path.utf8.first == RouteTable.slash else { return .unknownPath }
        var search = Search(method: method)
        if let found = search.find(path.utf8.dropFirst(), root) { return .operation(found, search.values) }
        return search.allowed.isEmpty ? .unknownPath : .wrongMethod(allowed: search.allowed.sorted())
    }

    private static let slash = UInt8(ascii: "/")

    /// The search of one request through the tree.
    private struct Search {
        let method: String
        /// The texts of the parameters passed so far.
        var values: [Substring] = []
        /// The methods of the path, if it has others than the requested one.
        var allowed: Set<String> = []

        /// - Parameter rest: what follows the slash; `nil` at the end of the path.
        mutating func find(_ rest: Substring.UTF8View?, _ node: Node) -> Operation? {
            guard let rest else { return choose(node.operations) }
            let end = rest.firstIndex(of: RouteTable.slash)
            let segment = rest[..<(end ?? rest.endIndex)]
            let next = end.map { rest[rest.index(after: $0)...] }
            if let child = node.names.first(where: { segment.elementsEqual($0.text) })?.node {
                if let found = find(next, child) { return found }
                // A path is one resource: DELETE of /employee/me is not a DELETE of the employee "me".
                if !allowed.isEmpty { return nil }
            }
            guard !segment.isEmpty else { return nil }
            if let child = node.parameter {
                values.append(Substring(segment))
                if let found = find(next, child) { return found }
                values.removeLast()
            }
            guard let found = choose(node.open) else { return nil }
            values.append(Substring(rest))
            return found
        }

        /// The operation of a path for the method, of those by method.
        private mutating func choose(_ operations: [String: Operation]) -> Operation? {
            // Every GET answers HEAD alike, without a body.
            let get = Operation.Method.get.rawValue
            if let operation = operations[method == "HEAD" ? get : method] { return operation }
            allowed.formUnion(operations.keys)
            if operations[get] != nil { allowed.insert("HEAD") }
            return nil
        }
    }
}
