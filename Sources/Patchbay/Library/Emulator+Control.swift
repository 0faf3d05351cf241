internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// A call of the control plane that was refused.
public struct ControlError: Error, Sendable, CustomStringConvertible {
    /// The status code: 409 when what a call verifies is not so.
    public let status: Int
    /// What is wrong, in words.
    public let description: String
    /// The whole problem document (RFC 9457), JSON.
    public let document: String
}

extension Emulator {
    /// Makes a call of the control plane, as docs/control-api.md describes them.
    ///
    ///     try emulator.control("PUT", "/clock", #"{"now": "2026-01-02T03:04:05Z", "frozen": true}"#)
    ///
    /// - Parameters:
    ///   - method: the method, "PUT".
    ///   - path: the path behind `/_patchbay`, with its query.
    ///   - body: JSON; none when `nil`.
    /// - Returns: the answer's body, JSON for nearly all calls.
    /// - Throws: `ControlError` when the call is refused, or what it verifies is not so.
    @discardableResult
    public func control(_ method: String, _ path: String, _ body: String? = nil) throws(ControlError) -> String {
        let token = world.adminToken.map { [(name: "Authorization", value: "Bearer \($0)")] } ?? []
        let target = "/_patchbay" + (path.hasPrefix("/") ? "" : "/") + path
        let answer = body.map { send(method, target, headers: token, body: $0) } ?? send(method, target, headers: token)
        guard answer.status >= 400 else { return answer.text }
        let detail = (try? JSON(parsing: answer.body))?["detail"]?.stringValue
        throw ControlError(status: answer.status, description: detail ?? "\(answer.status)", document: answer.text)
    }
}
