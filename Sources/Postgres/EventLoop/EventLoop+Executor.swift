/// A loop can be the executor of an actor: what the actor does between two statements then happens on the thread that sends
/// and receives them, without a change of threads in between. Other members of the loop wait meanwhile.
///
/// It can be the preferred executor of the actor's task as well, or whatever that task awaits outside the actor would take
/// it through Swift's shared threads and back.
extension EventLoop: SerialExecutor, TaskExecutor {
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        thread.submit { [self] _ in
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
}
