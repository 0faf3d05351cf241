import PatchbayCSystem

/// Starts the threads that event loops run on.
///
/// Not Foundation's Thread, which brings all of Foundation and ICU with it.
enum LoopThread {
    private final class Work {
        let body: () -> Void

        init(_ body: @escaping () -> Void) {
            self.body = body
        }
    }

    /// Runs the closure on a new detached thread.
    static func start(_ body: sending @escaping () -> Void) throws(ServerError) {
        let work = Unmanaged.passRetained(Work(body))
        let code = system_start_thread(
            { context in
                if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        guard code == 0 else {
            work.release()
            throw .system(call: "pthread_create", code: code)
        }
    }
}
