internal import APIKit
internal import HTTP
internal import Store

extension CloudflareAPI {
    /// List Workers VPC connectivity services.
    ///
    /// An account that no seed names has an empty directory (contract section 8.25).
    static func connectivityServicesList(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = call.capture("account_id").text
        try authorize(call, in: account)
        let row = try call.find(accounts, account)
        if row == nil, call.quirks.take(Quirks.unknownAccount, "403") { throw Failure(.forbidden) }
        let paging = try Paging(call)
        guard let row else { return paging.reply(Page(total: 0), unfiltered: nil, call.quirks) }
        let page = try call.page(paging.query(under: row, call.quirks))
        var unfiltered: Int64?
        if call.quirks.take(Quirks.counts, "words") {
            unfiltered = try call.page(Query(services, under: row, limit: 0)).total
        }
        return paging.reply(page, unfiltered: unfiltered, call.quirks)
    }
}
