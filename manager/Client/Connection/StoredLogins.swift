internal import EngineAPI
internal import JSON
internal import LinuxKernel

/// The logins in `config.json`, as `docker login` and `proa login` leave them: themselves, or the names of the credential helpers
/// that keep them.
struct StoredLogins: JSONMappable, Equatable {
  /// Docker's registry, as names have it.
  static let hub = "docker.io"
  /// The same, as its logins are kept.
  static let hubKey = "https://index.docker.io/v1/"

  /// `X-Registry-Auth` of nobody in particular.
  static let nobody = "e30="

  private var logins: [String: AuthConfig] = [:]
  /// Of all registries that are not in `helpers`.
  private var helperOfOthers = ""
  private var helpers: [String: String] = [:]

  init() {}

  mutating func map(_ json: inout JSONMapper) throws(JSONError) {
    try json.nonEmpty("auths", &logins)
    try json.nonEmpty("credsStore", &helperOfOthers)
    try json.nonEmpty("credHelpers", &helpers)
  }

  /// Those of whoever runs this; none if there is no file.
  static func ofUser() throws -> StoredLogins {
    guard let file = LoginFile.ofUser, let bytes = try file.read() else { return StoredLogins() }
    do { return try StoredLogins(jsonText: bytes) } catch { throw ClientError.failed("\(file.path): \(error)") }
  }

  /// `X-Registry-Auth` of whoever runs this for `registry`; nil without a login.
  static func header(for registry: String) throws -> String? {
    let logins = try ofUser()
    let key = key(of: registry)
    guard let helper = try logins.helper(for: key) else { return logins.header(for: registry) }
    return try helper.login(for: key).map { header($0, registry) }
  }

  /// What the login of a registry is kept under.
  static func key(of registry: String) -> String { registry == hub ? hubKey : registry }

  /// `X-Registry-Auth` for `registry` by what the file itself has; nil without a login.
  func header(for registry: String) -> String? {
    login(for: Self.key(of: registry)).map { Self.header($0, registry) }
  }

  /// What the file itself has.
  /// - Parameter key: the registry's.
  func login(for key: String) -> AuthConfig? {
    Self.spellings(of: key).lazy.compactMap { logins[$0] }
      .first { !$0.auth.isEmpty || !$0.identityToken.isEmpty }
  }

  /// Whether the file says something of the registry: the login itself, or that a helper keeps it.
  func names(_ key: String) -> Bool { Self.spellings(of: key).contains { logins[$0] != nil } }

  /// What the login of a registry may stand under in the file; the first is what it is put under.
  static func spellings(of key: String) -> [String] {
    key.contains("://") ? [key] : [key, "https://\(key)", "http://\(key)"]
  }

  /// Who keeps the login of a registry instead of the file.
  /// - Throws: ``ClientError/failed(_:)`` for a name that cannot be a helper's.
  func helper(for key: String) throws(ClientError) -> CredentialHelper? {
    let name = helpers[key] ?? helperOfOthers
    return name.isEmpty ? nil : try CredentialHelper(name)
  }

  private static func header(_ login: AuthConfig, _ registry: String) -> String {
    var login = login
    login.serverAddress = registry
    return Base64.encode(JSONWriter.bytes(login)).replacing("+", with: "-").replacing("/", with: "_")
  }
}

/// `config.json`, of which everything stays that is not about logins.
struct LoginFile {
  /// As many as the kernel follows.
  private static let linkLimit = 40

  let path: String

  /// That of whoever runs this; nil if nobody knows where that is.
  static var ofUser: LoginFile? {
    let folder = Machine.variable("DOCKER_CONFIG") ?? Machine.variable("HOME").map { "\($0)/.docker" }
    return folder.map { LoginFile(path: "\($0)/config.json") }
  }

  /// nil if there is none, or nothing in it.
  func read() throws -> [UInt8]? {
    do throws(SyscallError) {
      let bytes = try AtomicFile.read(path, limit: 16 << 20)
      return bytes.isEmpty ? nil : bytes
    } catch {
      if error.errno == .noEntry || error.errno == .notDirectory { return nil }
      throw ClientError.failed("\(error)")
    }
  }

  /// Puts a login into the file, or takes one out of it, however the registry is spelled there.
  /// - Parameter login: nil: there is to be none.
  /// - Throws: ``ClientError/failed(_:)``; the file is as it was then.
  func set(_ login: JSONValue?, for key: String) throws {
    var content = JSONObject()
    do {
      if let bytes = try read() { content = try object(try JSONReader.read(bytes), "it") }
    } catch let error as JSONError { throw ClientError.failed("\(path): \(error)") }
    var logins = JSONObject()
    if let known = content["auths"], known != .null { logins = try object(known, "auths") }
    for spelling in StoredLogins.spellings(of: key) { logins[spelling] = nil }
    if let login { logins[key] = login }
    content["auths"] = logins.isEmpty ? nil : .object(logins)
    do throws(SyscallError) {
      let place = try place()
      try Directory.make(Self.folder(of: place), mode: 0o700)
      try AtomicFile.write(JSONWriter.bytes(JSONValue.object(content)), to: place, mode: 0o600)
    } catch { throw ClientError.failed("\(error)") }
  }

  private func object(_ value: JSONValue, _ what: String) throws(ClientError) -> JSONObject {
    guard let object = value.object else { throw .failed("\(path): \(what) is not a JSON object") }
    return object
  }

  /// Where the file is, or would be, that the path leads to: a symbolic link stays one.
  private func place() throws(SyscallError) -> String {
    var place = path
    for _ in 0..<Self.linkLimit {
      guard try FileStatus.of(place)?.kind == .symbolicLink else { return place }
      let folder = Self.folder(of: place)
      let name = place.lastIndex(of: "/").map { String(place[place.index(after: $0)...]) } ?? place
      let target = try FileDescriptor.open(folder, [.readOnly, .directory]).symbolicLink(at: name)
      place = target.hasPrefix("/") ? target : "\(folder)/\(target)"
    }
    throw SyscallError("readlinkat", path, errno: .tooManyLinks)
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  }
}
