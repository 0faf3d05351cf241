public import PatchbayAPIKit
public import PatchbayServer
public import PatchbayStore

/// What is asked of credentials.
public typealias AuthenticationMode = PatchbayAPIKit.AuthenticationMode
/// A reading of a document that is none.
public typealias QuirkError = PatchbayAPIKit.QuirkError
/// Why a server cannot start.
public typealias ServerError = PatchbayServer.ServerError
/// Where a server listens, and how patient it is.
public typealias ServerOptions = PatchbayServer.ServerOptions
/// What is wrong with seed files.
public typealias SeedError = PatchbayStore.SeedError
/// Why a file cannot be the store.
public typealias StoreFileError = PatchbayStore.StoreFileError
