internal import CSystem
internal import Synchronization

/// Spreads work that is done once, and takes long, over the machine's cores.
enum Workers {
    /// The results of a function for some elements, in their order.
    ///
    /// The function runs on several threads at once.
    static func map<Element: Sendable, Result: Sendable>(
        _ elements: [Element],
        _ body: @escaping @Sendable (Element) -> Result,
    ) -> [Result] {
        let results = Mutex([Result?](repeating: nil, count: elements.count))
        let next = Atomic(0)
        // The caller works as well, so that all is done even where no thread can be had.
        withThreads(min(Int(system_core_count()), elements.count) - 1) {
            while case let index = next.add(1, ordering: .relaxed).oldValue, index < elements.count {
                let result = body(elements[index])
                results.withLock { $0[index] = result }
            }
        }
        return results.withLock { $0.compactMap(\.self) }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Runs a function on the calling thread and on further ones, and returns when all of them are done.
    private static func withThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
        var threads: [pthread_t] = []
        for _ in 0..<max(0, count) {
            let work = Unmanaged.passRetained(Work(body))
            var thread: pthread_t = pthread_self()
            let code = system_create_thread(
                &thread,
                { context in
                    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                    return nil
                },
                work.toOpaque(),
            )
            if code == 0 { threads.append(thread) } else { work.release() }
        }
        body()
        for thread in threads { pthread_join(thread, nil) }
    }
}
