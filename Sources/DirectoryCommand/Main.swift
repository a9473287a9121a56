import ArgumentParser

@main
struct Main: AsyncParsableCommand {
    mutating func run() async throws {}
}
