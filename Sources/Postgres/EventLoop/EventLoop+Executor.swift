/// A loop can be the executor of an actor: what the actor does between two statements then happens on the thread that
/// sends and receives them, without a change of threads in between. Other members of the loop wait meanwhile.
///
/// It can be the preferred executor of the actor's task as well, or whatever that task awaits outside the actor would
/// take it through Swift's shared threads and back.
extension EventLoop: SerialExecutor, TaskExecutor {
    /// Runs a job of an actor or task on the loop's thread, after those that were enqueued before. Called by the
    /// runtime.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        thread.submit { [self] _ in
            job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
        }
    }

    /// The loop as the executor of an actor; the actor must hold the loop, since this does not.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// The loop as the preferred executor of a task; the task must hold the loop, since this does not.
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
}
