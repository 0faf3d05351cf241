internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayStore

/// SQL is not run here, so that no environment ever has a statement.
extension ConfluentAPI {
    /// List of Statements: the empty list.
    static func listSqlv1Statements(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        _ = try environment(call)
        return try Directory(version: "sql/v1", kind: "StatementList").reply([], to: call)
    }

    /// Read, update or delete a Statement.
    static func missingStatement(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        _ = try environment(call, toWrite: call.request.method != .get && call.request.method != .head)
        throw .noStatement(call.capture("statement_name").text)
    }
}
