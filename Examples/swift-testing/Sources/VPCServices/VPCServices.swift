public import Foundation

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// Lists the Workers VPC services of a Cloudflare account: the client that the tests are about.
public struct VPCServices: Sendable {
    /// One service.
    public struct Service: Decodable, Sendable {
        /// Its name.
        public var name: String
        /// What it speaks: "tcp" or "http".
        public var type: String
    }

    /// What the API answers in place of a list.
    public struct Refusal: Error {
        /// The status code.
        public var status: Int
    }

    private struct Page: Decodable {
        struct Info: Decodable {
            var total_pages: Int
        }

        var result: [Service]
        var result_info: Info
    }

    private let url: URL
    private let token: String

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - address: `https://api.cloudflare.com`, or where a test double listens.
    ///   - account: the account's identifier.
    ///   - token: an API token.
    public init(address: URL, account: String, token: String) {
        url = address.appending(path: "/client/v4/accounts/\(account)/connectivity/directory/services")
        self.token = token
    }

    /// All services, page by page.
    ///
    /// Where the API asks to wait, it is asked again after as long as it says, three times at most.
    public func all() async throws -> [Service] {
        var services: [Service] = []
        var page = 1
        while true {
            let answer = try await self.page(page)
            services += answer.result
            guard page < answer.result_info.total_pages else { return services }
            page += 1
        }
    }

    private func page(_ number: Int) async throws -> Page {
        var request = URLRequest(url: url.appending(queryItems: [URLQueryItem(name: "page", value: "\(number)")]))
        request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization")
        for attempt in 1... {
            let (data, response) = try await URLSession.shared.data(for: request)
            guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
            if response.statusCode == 200 { return try JSONDecoder().decode(Page.self, from: data) }
            guard response.statusCode == 429, attempt < 3 else { throw Refusal(status: response.statusCode) }
            let seconds = response.value(forHTTPHeaderField: "Retry-After").flatMap(Int.init) ?? 1
            try await Task.sleep(for: .seconds(seconds))
        }
        throw CancellationError()
    }
}
