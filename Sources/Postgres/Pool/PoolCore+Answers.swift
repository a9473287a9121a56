extension PoolCore {
    /// All results of a flight that there will be have come.
    func ended(_ flight: PoolFlight, on connection: Connection) {
        for request in flight.requests {
            request.copies -= 1
            if request.isAnswered {
                if request.copies == 0 { hedging.earn() }
                continue
            }
            if flight.isGroup {
                sendAgainAlone(request)
            } else if let error = flight.error {
                failed(request, error, in: flight, on: connection)
            } else {
                request.answer(.failure(.unexpectedResult("a statement without a result")))
            }
        }
    }

    private func failed(
        _ request: PoolRequest, _ error: PostgresError, in flight: PoolFlight, on connection: Connection
    ) {
        if case .server(let error) = error {
            if error.invalidatesPlan && !flight.needsConfirmedNames {
                request.wasReplanned = true
                return sendAgainAlone(request)
            }
            // Meant for the statement before it, whose deadline had passed.
            if error.sqlState == "57014" && connection.isDraining { return sendAgainAlone(request) }
        }
        request.answer(.failure(error))
    }

    /// By itself it fails at most for its own fault.
    private func sendAgainAlone(_ request: PoolRequest) {
        request.travelsAlone = true
        request.connection = nil
        enqueue(request)
    }

    /// The connection went with the flight under way: its requests are sent once more, unless on another one already.
    func lost(_ flight: PoolFlight, _ error: PostgresError) {
        for request in flight.requests {
            request.copies -= 1
            if request.isAnswered || request.copies > 0 || request.isQueued { continue }
            if !flight.isGroup, let answer = flight.error {
                request.answer(.failure(answer))
            } else if error == .closed {
                request.answer(.failure(.closed))
            } else if request.wasLost {
                request.answer(.failure(.connectionLost(error.reason)))
            } else {
                request.wasLost = true
                sendAgainAlone(request)
            }
        }
    }
}
