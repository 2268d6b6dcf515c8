/// Hands events to several observers, in order.
struct ObserverList: EngineObserver {
    private let observers: [any EngineObserver]

    init(_ observers: [any EngineObserver]) {
        self.observers = observers
    }

    func observe(_ events: [EngineEvent]) {
        for observer in observers { observer.observe(events) }
    }
}
