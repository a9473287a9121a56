import Synchronization

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The loop itself: runs jobs from other threads, waits in poll(2), lets members read and write.
final class LoopThread: Sendable {
    typealias Job = @Sendable (LoopMembers) -> Void

    fileprivate struct Shared: ~Copyable {
        var jobs: [Job] = []
        /// Whether the thread waits in poll and so must be woken: a loop at work looks at `jobs` by itself.
        var asleep = false
        var stopping = false
        /// Whether the last job has been run: a later one would wait for ever, and keep what it captures alive.
        var isOver = false
        var thread: pthread_t?
    }

    private let shared = Mutex(Shared())
    private let wakeRead: Int32
    private let wakeWrite: Int32

    init() {
        var descriptors: [Int32] = [-1, -1]
        precondition(pipe(&descriptors) == 0, "no descriptor left for the event loop")
        for descriptor in descriptors {
            _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
        wakeRead = descriptors[0]
        wakeWrite = descriptors[1]
    }

    deinit {
        close(wakeRead)
        close(wakeWrite)
    }

    func start() {
        precondition(PosixThread.detach { self.run() }, "no thread left for the event loop")
    }

    /// Runs a job on the thread, soon, in the order of submission.
    ///
    /// - Returns: False if the thread has ended, and the job will not be run. Callers that hold an `EventLoop` may
    ///   ignore it.
    @discardableResult
    func submit(_ job: @escaping Job) -> Bool {
        let (isAccepted, wake) = shared.withLock { shared in
            if shared.isOver { return (false, false) }
            shared.jobs.append(job)
            return (true, shared.wakeIfAsleep())
        }
        if wake { self.wake() }
        return isAccepted
    }

    /// Ends the thread, after the jobs that were submitted before.
    func stop() {
        let wake = shared.withLock { shared in
            shared.stopping = true
            return shared.wakeIfAsleep()
        }
        if wake { self.wake() }
    }

    var isCurrent: Bool {
        shared.withLock { $0.thread.map { pthread_equal($0, pthread_self()) != 0 } ?? false }
    }

    private func wake() {
        var byte: UInt8 = 1
        _ = write(wakeWrite, &byte, 1)
    }

    private func run() {
        let members = LoopMembers()
        shared.withLock { $0.thread = pthread_self() }
        var descriptors: [pollfd] = []
        var polled: [any LoopMember] = []
        while true {
            let isOver = runJobs(members)
            let now = Monotonic.now
            for member in members.all { member.turn(now: now) }
            if isOver { break }

            descriptors.removeAll(keepingCapacity: true)
            polled.removeAll(keepingCapacity: true)
            descriptors.append(pollfd(fd: wakeRead, events: Int16(POLLIN), revents: 0))
            var wakeAt = Nanoseconds.max
            for member in members.all {
                wakeAt = min(wakeAt, member.wakeAt)
                let events = (member.wantsRead ? POLLIN : 0) | (member.wantsWrite ? POLLOUT : 0)
                guard member.descriptor >= 0 && events != 0 else { continue }
                descriptors.append(pollfd(fd: member.descriptor, events: Int16(events), revents: 0))
                polled.append(member)
            }

            let mayWait = shared.withLock { $0.fallAsleep() }
            let timeout = mayWait ? Self.timeout(until: wakeAt, from: now) : 0
            let ready = poll(&descriptors, nfds_t(descriptors.count), timeout)
            shared.withLock { $0.asleep = false }
            guard ready > 0 else { continue }
            if descriptors[0].revents != 0 { drainWakeUps() }
            let after = Monotonic.now
            for (index, member) in polled.enumerated() where descriptors[index + 1].revents != 0 {
                member.ready(now: after)
            }
        }
        for member in members.all { member.loopEnded() }
    }

    /// Runs the submitted jobs, and releases them before the thread sleeps, as a job may hold the last reference to
    /// something. Jobs submitted by a job, as by each step of a task, are run at once too, but only so often, so that
    /// the connections get their turn. True if there are no jobs and there will be none.
    private func runJobs(_ members: LoopMembers) -> Bool {
        for _ in 0..<Self.rounds {
            let (jobs, isOver) = shared.withLock { ($0.takeJobs(), $0.isOver) }
            if jobs.isEmpty { return isOver }
            for job in jobs { job(members) }
        }
        return false
    }

    private static let rounds = 16

    /// Milliseconds for poll, rounded up so that it does not return just before the instant and spin.
    private static func timeout(until instant: Nanoseconds, from now: Nanoseconds) -> Int32 {
        if instant == .max { return -1 }
        return Int32(clamping: max(0, (instant - now + 999_999) / 1_000_000))
    }

    private func drainWakeUps() {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { buffer in
            while read(wakeRead, buffer.baseAddress, 64) == 64 {}
        }
    }
}

extension LoopThread.Shared {
    fileprivate mutating func wakeIfAsleep() -> Bool {
        defer { asleep = false }
        return asleep
    }

    /// If there are none and the thread is stopping, there never will be.
    fileprivate mutating func takeJobs() -> [LoopThread.Job] {
        isOver = stopping && jobs.isEmpty
        if jobs.isEmpty { return [] }
        defer { jobs = [] }
        return jobs
    }

    /// False if there is work already.
    fileprivate mutating func fallAsleep() -> Bool {
        guard jobs.isEmpty && !stopping else { return false }
        asleep = true
        return true
    }
}
