/// How many reads may be sent once more around slow ones: one for four that are answered, and a reserve.
///
/// One slow read among fast ones costs little of it, so nobody waits. When all reads are slow, since the server has too
/// much to do, sending them again would give it more: then it is soon used up, and reads wait for what is under way.
struct HedgeBudget {
    private var quarters = 4 * PoolLimits.hedgeReserve

    /// A read was answered, or a tick has passed: that little comes back even when nothing is answered.
    mutating func earn() {
        quarters = min(quarters + 1, 4 * PoolLimits.hedgeReserve)
    }

    /// False if there is nothing left.
    mutating func spend() -> Bool {
        guard quarters >= 4 else { return false }
        quarters -= 4
        return true
    }

    /// What was spent was not sent after all.
    mutating func giveBack() {
        quarters = min(quarters + 4, 4 * PoolLimits.hedgeReserve)
    }
}
