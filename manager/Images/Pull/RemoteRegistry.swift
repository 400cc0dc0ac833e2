public import NIOCore
public import OCIImageSpec

/// Who somebody is at a registry. All empty: nobody in particular.
public struct RegistryCredentials: Equatable, Sendable {
  public var username = ""
  public var password = ""
  /// What an earlier login gave instead of a password.
  public var identityToken = ""
  /// A bearer token that is sent as it is.
  public var registryToken = ""

  public init() {}
}

/// A manifest or an index, as a registry gave it: its bytes hash to its digest.
public struct RemoteManifest: Equatable, Sendable {
  public var bytes: [UInt8]
  /// What the registry says that it is; empty if it says nothing.
  public var mediaType: String
  public var digest: Digest

  public init(bytes: [UInt8], mediaType: String, digest: Digest) {
    self.bytes = bytes
    self.mediaType = mediaType
    self.digest = digest
  }
}

/// What ``ImageService`` needs of registries.
public protocol RemoteRegistry: Sendable {
  /// The repository that `name` is of, ready to be read from.
  /// - Throws: ``ImageError/remote(_:_:)`` or `CancellationError`; so do all calls on what it returns.
  func repository(_ name: Reference, as credentials: RegistryCredentials) async throws -> any RemoteRepository
  /// The repository that `name` is of, ready to be written to.
  /// - Parameter sources: other repositories at the registry that blobs are to come from.
  func destination(
    _ name: Reference, as credentials: RegistryCredentials, mounting sources: [String]
  ) async throws -> any RemoteDestination
  /// Asks the registry that `term` begins with, or Docker's, for repositories.
  func search(_ term: String, limit: Int, as credentials: RegistryCredentials) async throws -> [RemoteSearchResult]
  /// Asks for an archive at a web address.
  func archive(at address: String) async throws -> any RemoteArchive
  /// Finds out whether the registry `server` knows somebody.
  /// - Returns: what to use instead of the password from now on; empty if nothing.
  func login(_ server: String, as credentials: RegistryCredentials) async throws -> String
}

/// An archive that has begun to come from somewhere.
public protocol RemoteArchive: Sendable {
  /// Bytes, if that is known.
  var size: Int64? { get }
  /// Gives `write` all of it, in order. To be called once.
  /// - Throws: ``ImageError/remote(_:_:)``, `CancellationError`, or what `write` throws.
  func read(_ write: (ByteBuffer) async throws -> Void) async throws
}

/// A repository that a registry found.
public struct RemoteSearchResult: Equatable, Sendable {
  public var name: String
  public var description: String
  public var stars: Int64
  public var isOfficial: Bool
  public var isAutomated: Bool

  public init(name: String, description: String, stars: Int64, isOfficial: Bool, isAutomated: Bool) {
    (self.name, self.description, self.stars) = (name, description, stars)
    (self.isOfficial, self.isAutomated) = (isOfficial, isAutomated)
  }
}

/// What ``ImageService`` needs of one repository.
public protocol RemoteRepository: Sendable {
  /// - Parameter reference: a tag or a digest.
  func manifest(_ reference: String) async throws -> RemoteManifest
  /// All tags that there are.
  func tags() async throws -> [String]
  /// Gives as many bytes as the descriptor says, beginning at `start`, unverified.
  /// - Parameter restart: what was there must be thrown away: everything comes from the beginning.
  func blob(
    _ descriptor: Descriptor, from start: Int64, restart: @escaping @Sendable () async throws -> Void,
    write: @escaping @Sendable (ByteBuffer) async throws -> Void
  ) async throws
}

/// What kind of refusal a registry's was.
public enum RemoteFailure: Equatable, Sendable {
  case notFound, unauthorized, denied, invalid, unavailable
}
