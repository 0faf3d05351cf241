/// The time-outs of the options in nanoseconds, as deadlines are counted.
struct Patience {
    let idle, header, body, drain, stop, fresh, accept: Int64

    init(_ options: ServerOptions) {
        idle = options.idleTimeout.nanoseconds
        header = options.headerTimeout.nanoseconds
        body = options.bodyTimeout.nanoseconds
        drain = options.drainTimeout.nanoseconds
        stop = options.stopGrace.nanoseconds
        fresh = options.freshGrace.nanoseconds
        accept = options.acceptPause.nanoseconds
    }
}
