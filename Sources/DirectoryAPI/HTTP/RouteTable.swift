import CanonicalJSON

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

    /// The routes of a path by method. Compared one by one, as the names below: there are only a few, and hashing takes longer.
    private typealias Routes = [(method: String, route: Route)]

    private final class Node: Sendable {
        let names: [(text: [UInt8], node: Node)]
        let parameter: Node?
        let routes: Routes
        /// Those whose last parameter takes the rest of the path.
        let open: Routes

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
            self.routes = own.map { ($0, $1) }
            self.open = open.map { ($0, $1) }
        }
    }

    private let root: Node

    /// - Parameter operations: each has its place here as the `index` of its route.
    init(_ operations: [Operation]) {
        root = Node(
            operations.enumerated().map { (ArraySlice($1.path.segments), Route($1, at: $0)) })
    }

    func match(_ method: String, _ path: String) -> Match {
        var search = Search(method: method)
        let found = path.withBytes { $0.first == RouteTable.slash ? search.find(1, of: $0, root) : nil }
        guard let found else {
            return search.allowed.isEmpty ? .unknownPath : .wrongMethod(allowed: search.allowed.sorted())
        }
        func index(_ offset: Int) -> String.Index { path.utf8.index(path.startIndex, offsetBy: offset) }
        return .route(found, search.values.map { path[index($0.lowerBound)..<index($0.upperBound)] })
    }

    private static let slash = UInt8(ascii: "/")

    /// The search of one request through the tree.
    private struct Search {
        let method: String
        /// Where in the path the parameters are that were passed so far.
        var values: [Range<Int>] = []
        /// The methods of the path, if it has others than the requested one.
        var allowed: Set<String> = []

        /// - Parameter start: where the segment begins; `nil` at the end of the path.
        mutating func find(_ start: Int?, of path: UnsafeBufferPointer<UInt8>, _ node: Node) -> Route? {
            guard let start else { return choose(node.routes) }
            let end = path[start...].firstIndex(of: RouteTable.slash) ?? path.count
            let segment = UnsafeBufferPointer(rebasing: path[start..<end])
            let next = end == path.count ? nil : end + 1
            if let child = node.names.first(where: { segment.elementsEqual($0.text) })?.node {
                if let found = find(next, of: path, child) { return found }
                // A path is one resource: DELETE of /employee/me is not a DELETE of the employee "me".
                if !allowed.isEmpty { return nil }
            }
            guard !segment.isEmpty else { return nil }
            if let child = node.parameter {
                values.append(start..<end)
                if let found = find(next, of: path, child) { return found }
                values.removeLast()
            }
            guard let found = choose(node.open) else { return nil }
            values.append(start..<path.count)
            return found
        }

        /// The route of a path for the method, of those by method.
        private mutating func choose(_ routes: Routes) -> Route? {
            // Every GET answers HEAD alike, without a body.
            let get = Operation.Method.get.rawValue
            let wanted = method == "HEAD" ? get : method
            if let found = routes.first(where: { $0.method == wanted }) { return found.route }
            allowed.formUnion(routes.map(\.method))
            if allowed.contains(get) { allowed.insert("HEAD") }
            return nil
        }
    }
}
