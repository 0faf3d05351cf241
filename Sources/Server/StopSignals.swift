internal import PatchbayCSystem

/// The signals by which a user or a container asks a server to stop: SIGINT and SIGTERM.
public enum StopSignals {
    private static var set: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }

    /// Keeps the signals from ending the process.
    ///
    /// Threads that are started later inherit it, so this comes first.
    public static func block() {
        var set = set
        pthread_sigmask(SIG_BLOCK, &set, nil)
        // Whoever started the program may stop reading what it says.
        system_ignore_signal(SIGPIPE)
        // A file that may not become larger is a full disk to whoever writes to it, and no reason to end.
        system_ignore_signal(SIGXFSZ)
    }

    /// Calls a function for each of the signals from now on, on a thread of its own.
    ///
    /// - Parameter received: told which one, and whether a user asks again, by SIGINT. SIGTERM may come twice from one who asks once:
    ///   timeout(1) sends it to the process and to its group.
    /// - Throws: `ServerError` when no thread can be started.
    public static func watch(
        _ received: @escaping @Sendable (_ signal: Int32, _ isRepeated: Bool) -> Void
    ) throws(ServerError) {
        try LoopThread.start {
            var wasAsked = false
            while true {
                var set = set
                var signal: Int32 = 0
                guard sigwait(&set, &signal) == 0 else { continue }
                received(signal, wasAsked && signal == SIGINT)
                wasAsked = true
            }
        }
    }
}
