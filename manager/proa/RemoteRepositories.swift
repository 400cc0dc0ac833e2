internal import Images
internal import NIOCore
internal import OCIImageSpec
internal import Registry

/// Lets images come from registries.
struct RemoteRepositories: RemoteRegistry {
  let client: RegistryClient

  func repository(_ name: Reference, as credentials: RegistryCredentials) async throws -> any RemoteRepository {
    let source = try await RegistryFailure.translated(name) {
      try await client.source(name, as: Credentials(credentials))
    }
    return RemoteRepositoryContent(name: name, repository: source)
  }

  func destination(
    _ name: Reference, as credentials: RegistryCredentials, mounting sources: [String]
  ) async throws -> any RemoteDestination {
    let repository = try await RegistryFailure.translated(name) {
      try await client.repository(name, as: Credentials(credentials), for: .push, mounting: sources)
    }
    return RemoteRepositoryTarget(name: name, repository: repository)
  }

  func search(_ term: String, limit: Int, as credentials: RegistryCredentials) async throws -> [RemoteSearchResult] {
    do {
      return try await client.search(term, limit: limit, as: Credentials(credentials)).map { found in
        RemoteSearchResult(
          name: found.name, description: found.description, stars: found.stars, isOfficial: found.isOfficial,
          isAutomated: found.isAutomated)
      }
    } catch let error as RegistryError {
      throw ImageError.remote(error.kind == .invalid ? .invalid : .unavailable, "\(error)")
    }
  }

  func archive(at address: String) async throws -> any RemoteArchive {
    RemoteFile(download: try await RemoteFile.translated { try await client.download(address) })
  }

  func login(_ server: String, as credentials: RegistryCredentials) async throws -> String {
    do { return try await client.login(server, as: Credentials(credentials)) } catch let error as RegistryError {
      throw ImageError.remote(error.kind == .unauthorized ? .unauthorized : .unavailable, "\(error)")
    }
  }
}

private struct RemoteFile: RemoteArchive {
  let download: WebDownload

  var size: Int64? { download.size }

  func read(_ write: (ByteBuffer) async throws -> Void) async throws {
    try await Self.translated { try await download.read(write) }
  }

  static func translated<Result>(_ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as RegistryError {
      let kind: RemoteFailure =
        switch error.kind {
        case .notFound: .notFound
        case .invalid: .invalid
        case .unauthorized: .unauthorized
        case .denied: .denied
        case .unavailable: .unavailable
        }
      throw ImageError.remote(kind, "\(error)")
    }
  }
}

private struct RemoteRepositoryContent: RemoteRepository {
  let name: Reference
  let repository: RegistrySource

  func manifest(_ reference: String) async throws -> RemoteManifest {
    try await RegistryFailure.translated(name) {
      let manifest = try await repository.manifest(reference)
      return RemoteManifest(bytes: manifest.bytes, mediaType: manifest.mediaType, digest: manifest.digest)
    }
  }

  func tags() async throws -> [String] {
    try await RegistryFailure.translated(name) { try await repository.tags() }
  }

  func blob(
    _ descriptor: Descriptor, from start: Int64, restart: @escaping @Sendable () async throws -> Void,
    write: @escaping @Sendable (ByteBuffer) async throws -> Void
  ) async throws {
    try await RegistryFailure.translated(name) {
      try await repository.blob(descriptor, from: start, restart: restart, write: write)
    }
  }
}

private struct RemoteRepositoryTarget: RemoteDestination {
  let name: Reference
  let repository: Repository

  func has(_ digest: Digest) async throws -> Bool {
    try await RegistryFailure.translated(name) { try await repository.has(digest) }
  }

  func mount(_ digest: Digest, from path: String) async throws -> Bool {
    try await RegistryFailure.translated(name) { try await repository.mount(digest, from: path) }
  }

  func upload(
    _ descriptor: Descriptor, _ reader: @escaping Images.BlobReader, told: @escaping @Sendable (Int64) -> Void
  ) async throws {
    try await RegistryFailure.translated(name) { try await repository.upload(descriptor, reader, told: told) }
  }

  func put(_ manifest: [UInt8], as mediaType: String, tag: String) async throws {
    try await RegistryFailure.translated(name) { try await repository.put(manifest, as: mediaType, reference: tag) }
  }
}

/// Registries' refusals in the words of Docker.
enum RegistryFailure {
  static func translated<Result>(_ name: Reference, _ body: () async throws -> Result) async throws -> Result {
    do { return try await body() } catch let error as RegistryError { throw imageError(error, name) }
  }

  private static func imageError(_ error: RegistryError, _ name: Reference) -> ImageError {
    switch (error.kind, error.code) {
    case (_, "DENIED"):
      .remote(
        .notFound,
        "pull access denied for \(name.familiarRepository), repository does not exist or may require 'docker login': \(error)"
      )
    case (_, "MANIFEST_UNKNOWN"): .remote(.notFound, "manifest for \(name.familiar) not found: \(error)")
    case (_, "NAME_UNKNOWN"): .remote(.notFound, "repository \(name.familiarRepository) not found: \(error)")
    case (.notFound, _): .remote(.notFound, "\(error)")
    case (.unauthorized, _): .remote(.unauthorized, "\(error)")
    case (.denied, _), (.invalid, _): .remote(.invalid, "\(error)")
    case (.unavailable, _): .remote(.unavailable, "\(error)")
    }
  }
}

extension Credentials {
  fileprivate init(_ credentials: RegistryCredentials) {
    self.init(
      username: credentials.username, password: credentials.password, identityToken: credentials.identityToken,
      registryToken: credentials.registryToken)
  }
}
