import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A command that runs beside this program, with its input and outputs.
final class ChildProcess: Sendable {
    private let words: [String]
    private let process = Mutex<pid_t?>(nil)

    /// Describes a command.
    ///
    /// - Parameter words: its name, which is looked for where shells do, and its arguments.
    init(_ words: [String]) {
        self.words = words
    }

    /// Runs the command to its end.
    ///
    /// - Parameter environment: its variables.
    /// - Returns: its exit code, or what shells have for one: 128 and the signal's number when a signal ended it, 127 when
    ///   there is no such command, 126 when it cannot be run.
    func run(in environment: [String: String]) -> Int32 {
        let code = process.withLock { process in
            var started = pid_t()
            let code = start(environment, &started)
            if code == 0 { process = started }
            return code
        }
        guard code == 0, let process = process.withLock({ $0 }) else {
            printError("patchbay: exec: \(words[0]): \(String(cString: strerror(code)))")
            return code == ENOENT ? 127 : 126
        }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
    }

    private func start(_ environment: [String: String], _ process: inout pid_t) -> Int32 {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // What this program does with signals is no business of the command.
        var (none, standard) = (sigset_t(), sigset_t())
        sigemptyset(&none)
        sigemptyset(&standard)
        for signal in [SIGPIPE, SIGXFSZ] { sigaddset(&standard, signal) }
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &standard)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        let arguments = words.map { strdup($0) }
        let variables = environment.map { strdup("\($0)=\($1)") }
        defer { for text in arguments + variables { free(text) } }
        return posix_spawnp(&process, words[0], nil, &attributes, arguments + [nil], variables + [nil])
    }

    /// Gives it a signal that this program got, unless it got the same from its terminal.
    ///
    /// - Returns: Whether it runs.
    func pass(on signal: Int32) -> Bool {
        process.withLock { process in
            guard let process else { return false }
            let isFromTerminal = signal == SIGINT && tcgetpgrp(STDIN_FILENO) == getpgrp()
            if !isFromTerminal { kill(process, signal) }
            return true
        }
    }
}
