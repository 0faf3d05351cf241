public import PatchbayServer

extension EmulatorServer {
    /// Stops as `stop()` does, and returns when the server has stopped.
    public func shutDown() async {
        stop()
        await server.stopped()
    }
}

extension Emulator {
    /// Serves for as long as a closure takes.
    ///
    ///     try await Emulator(seeds: .bundled).serve { server in
    ///         let client = Client(address: server.url)
    ///     }
    ///
    /// - Parameters:
    ///   - options: where, and how; on a free port of 127.0.0.1 unless said otherwise.
    ///   - body: what is done meanwhile. Requests that are in flight at its end are finished.
    /// - Returns: what the closure returns.
    /// - Throws: `ServerError` when the address cannot be had; what the closure throws.
    public nonisolated(nonsending) func serve<Value>(
        _ options: ServerOptions = ServerOptions(),
        _ body: (_ server: EmulatorServer) async throws -> Value,
    ) async throws -> Value {
        let server = EmulatorServer(self, options: options)
        try server.start()
        do {
            let value = try await body(server)
            await server.shutDown()
            return value
        } catch {
            await server.shutDown()
            throw error
        }
    }
}
