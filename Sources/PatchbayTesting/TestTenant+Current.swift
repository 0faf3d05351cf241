public import Patchbay

extension TestTenant {
    @TaskLocal static var scoped: TestTenant?

    /// There is no tenant where somebody asks for the test's own.
    public struct NoTenant: Error, Sendable, CustomStringConvertible {
        /// What is to be done about it.
        public let description = "no tenant belongs to this test: give it, or its suite, the trait .patchbay"
    }

    /// The tenant of the test that runs, which the trait `.patchbay` has made for it.
    ///
    /// - Throws: `NoTenant` outside of such a test, and in a detached task of it.
    public static var current: TestTenant {
        get throws(NoTenant) {
            guard let scoped else { throw NoTenant() }
            return scoped
        }
    }
}
