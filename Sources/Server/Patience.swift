/// The time-outs of the options in nanoseconds, as deadlines are counted.
struct Patience {
    let idle, header, body, drain, fresh: Int64

    init(_ options: ServerOptions) {
        idle = options.idleTimeout.nanoseconds
        header = options.headerTimeout.nanoseconds
        body = options.bodyTimeout.nanoseconds
        drain = options.drainTimeout.nanoseconds
        fresh = options.freshGrace.nanoseconds
    }
}
