/// Something the event loop serves: a connection, with its descriptor, or an owner of connections, with its clock.
///
/// All of it is called on the loop's thread only.
protocol LoopMember: AnyObject {
    /// What to wait on, or -1. May change from turn to turn while a connection is being made.
    var descriptor: Int32 { get }
    var wantsRead: Bool { get }
    var wantsWrite: Bool { get }
    /// The next instant at which a turn is due even if nothing happens; `.max` for none.
    var wakeAt: Nanoseconds { get }
    /// The descriptor is readable, writable or broken.
    func ready(now: Nanoseconds)
    /// Called once in every turn, after all that was ready has been handled.
    func turn(now: Nanoseconds)
    /// The loop ends: nothing will be called after this.
    func loopEnded()
}

/// What the loop serves; used by its own thread only.
final class LoopMembers {
    private(set) var all: [any LoopMember] = []

    func add(_ member: any LoopMember) {
        all.append(member)
    }

    func remove(_ member: any LoopMember) {
        all.removeAll { $0 === member }
    }
}
