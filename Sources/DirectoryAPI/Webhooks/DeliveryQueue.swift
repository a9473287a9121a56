import DequeModule
import FoundationEssentials

/// Which webhooks are being delivered to, and which wait for their turn. A value without I/O.
///
/// A webhook is delivered to by one task at a time, so that its events come in order; what happens meanwhile is delivered
/// in its next turn. Only some of one organization's webhooks have their turn at once, so that slow receivers of one do not
/// keep those of others waiting.
struct DeliveryQueue: Sendable {
    private let limit: Int
    private let limitOfOrganization: Int
    private var waiting = Deque<DueWebhook>()
    private var isWaiting: Set<DueWebhook> = []
    /// Those that are delivered to, and whether they are due again.
    private var running: [DueWebhook: Bool] = [:]
    private var byOrganization: [UUID: Int] = [:]

    /// - Parameters:
    ///   - limit: how many have their turn at once.
    ///   - limitOfOrganization: how many of one organization.
    init(limit: Int = 256, limitOfOrganization: Int = 4) {
        self.limit = limit
        self.limitOfOrganization = limitOfOrganization
    }

    var isIdle: Bool { running.isEmpty }

    /// Has a webhook wait for its turn, unless it does so already.
    mutating func add(_ webhook: DueWebhook) {
        if running[webhook] != nil {
            running[webhook] = true
        } else if isWaiting.insert(webhook).inserted {
            waiting.append(webhook)
        }
    }

    /// Those whose turn it is now.
    mutating func next() -> [DueWebhook] {
        var turns: [DueWebhook] = []
        var left = Deque<DueWebhook>()
        while running.count < limit, let webhook = waiting.popFirst() {
            guard byOrganization[webhook.organization, default: 0] < limitOfOrganization else {
                left.append(webhook)
                continue
            }
            isWaiting.remove(webhook)
            running[webhook] = false
            byOrganization[webhook.organization, default: 0] += 1
            turns.append(webhook)
        }
        waiting.prepend(contentsOf: left)
        return turns
    }

    /// Ends a webhook's turn. If it has become due meanwhile, or is due still, it waits for another one.
    mutating func finish(_ webhook: DueWebhook, isDue: Bool) {
        guard let again = running.removeValue(forKey: webhook) else { return }
        byOrganization[webhook.organization, default: 1] -= 1
        if byOrganization[webhook.organization] == 0 { byOrganization[webhook.organization] = nil }
        if again || isDue { add(webhook) }
    }
}
