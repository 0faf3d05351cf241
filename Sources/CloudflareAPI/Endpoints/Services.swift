internal import APIKit
internal import HTTP
internal import Store

extension CloudflareAPI {
    /// List Workers VPC connectivity services.
    ///
    /// An account that no seed names has an empty directory (contract section 8.25).
    static func connectivityServicesList(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let paging = try Paging(call)
        guard let row = try call.find(accounts, call.capture("account_id").text) else {
            return paging.reply(Page(total: 0))
        }
        return paging.reply(try call.page(paging.query(under: row)))
    }
}
