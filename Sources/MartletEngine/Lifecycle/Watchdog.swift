import Dispatch

/// Looks at an engine from outside its thread, again and again.
///
/// `@unchecked Sendable`: the timer is made once and never replaced; Dispatch lets any thread cancel
/// it.
final class Watchdog: @unchecked Sendable {
    private let timer: any DispatchSourceTimer

    /// - Parameter look: Called at each interval on a queue of Dispatch's; returns false to end.
    init(every interval: Duration, look: @escaping @Sendable () -> Bool) {
        timer = DispatchSource.makeTimerSource(queue: .global(qos: .utility))
        timer.schedule(deadline: .now() + interval.seconds, repeating: interval.seconds)
        timer.setEventHandler { [weak self] in
            if !look() { self?.timer.cancel() }
        }
        timer.resume()
    }

    deinit {
        timer.cancel()
    }
}
