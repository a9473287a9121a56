/// A loop can be the executor of an actor: what the actor does between two statements then happens on the thread that sends
/// and receives them, without a change of threads in between. Other members of the loop wait meanwhile.
extension EventLoop: SerialExecutor {
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        thread.submit { [self] _ in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}
