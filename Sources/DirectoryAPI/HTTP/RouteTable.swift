/// An operation in the table of routes. A class, since each request refers to one.
final class Route: Sendable {
    let operation: Operation
    /// Its place in the table, under which its requests are counted.
    let index: Int

    init(_ operation: Operation, at index: Int = 0) { (self.operation, self.index) = (operation, index) }
}

/// Finds the operation for a method and path. Literal segments take precedence over parameters.
///
/// It replaces the framework's router because it is built from the declarations, gives 405 with `Allow`, and lets each
/// operation name its parameters as in the reference.
struct RouteTable: Sendable {
    enum Match: Sendable {
        /// That of an operation, and the encoded texts of its parameters.
        case route(Route, [Substring])
        /// The path exists, but only with these methods.
        case wrongMethod(allowed: [String])
        case unknownPath
    }

    private final class Node: Sendable {
        /// Compared one by one: there are only a few, and hashing a segment takes longer.
        let names: [(text: [UInt8], node: Node)]
        let parameter: Node?
        let routes: [String: Route]
        /// Those whose last parameter takes the rest of the path.
        let open: [String: Route]

        init(_ routes: [(path: ArraySlice<PathSegment>, route: Route)]) {
            var byName: [String: [(ArraySlice<PathSegment>, Route)]] = [:]
            var parameters: [(ArraySlice<PathSegment>, Route)] = []
            var own: [String: Route] = [:]
            var open: [String: Route] = [:]
            for (path, route) in routes {
                let operation = route.operation
                switch path.first {
                case .parameter where path.count == 1 && operation.path.isOpen:
                    open[operation.method.rawValue] = route
                case nil: own[operation.method.rawValue] = route
                case .name(let name): byName[name, default: []].append((path.dropFirst(), route))
                case .parameter: parameters.append((path.dropFirst(), route))
                }
            }
            names = byName.map { (Array($0.utf8), Node($1)) }
            parameter = parameters.isEmpty ? nil : Node(parameters)
            self.routes = own
            self.open = open
        }
    }

    private let root: Node

    /// - Parameter operations: each has its place here as the `index` of its route.
    init(_ operations: [Operation]) {
        root = Node(
            operations.enumerated().map { (ArraySlice($1.path.segments), Route($1, at: $0)) })
    }

    func match(_ method: String, _ path: String) -> Match {
        guard path.utf8.first == RouteTable.slash else { return .unknownPath }
        var search = Search(method: method)
        if let found = search.find(path.utf8.dropFirst(), root) { return .route(found, search.values) }
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
        mutating func find(_ rest: Substring.UTF8View?, _ node: Node) -> Route? {
            guard let rest else { return choose(node.routes) }
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

        /// The route of a path for the method, of those by method.
        private mutating func choose(_ routes: [String: Route]) -> Route? {
            // Every GET answers HEAD alike, without a body.
            let get = Operation.Method.get.rawValue
            if let route = routes[method == "HEAD" ? get : method] { return route }
            allowed.formUnion(routes.keys)
            if routes[get] != nil { allowed.insert("HEAD") }
            return nil
        }
    }
}
