import Foundation
import TestKit
import Testing

/// The test vectors of the identity service, which has no contract of its own (`vpcep.md`, section 2.2).
struct VectorTests {
    static let file = VectorFile(in: .module)

    @Test func `every row of the contract is a vector or is skipped with a reason`() {
        #expect(Self.file.problems == [])
    }

    @Test(arguments: VectorTests.file.cases, Transport.allCases)
    func `the contract's vectors hold`(vector: VectorCase, transport: Transport) throws {
        let mismatches = try vector.mismatches(over: transport)
        #expect(mismatches == [])
    }

    @Test(arguments: try Transcript.all(in: .module), Transport.allCases)
    func `the document's examples are answered as it says`(transcript: Transcript, transport: Transport) throws {
        let mismatches = try transcript.mismatches(over: transport)
        #expect(mismatches == [])
    }
}
