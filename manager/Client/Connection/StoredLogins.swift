internal import EngineAPI
internal import JSON
internal import LinuxKernel

/// The logins that `docker login` left in its `config.json`. Those that it gave to a credential helper are not looked for.
struct StoredLogins: JSONMappable, Equatable {
  /// Docker's registry, as names have it.
  static let hub = "docker.io"
  /// The same, as its logins are kept.
  private static let hubKey = "https://index.docker.io/v1/"

  /// `X-Registry-Auth` of nobody in particular.
  static let nobody = "e30="

  private var logins: [String: AuthConfig] = [:]

  init() {}

  mutating func map(_ json: inout JSONMapper) throws(JSONError) { try json.nonEmpty("auths", &logins) }

  /// Those of whoever runs this; none if there is no file.
  static func ofUser() throws -> StoredLogins {
    let folder = Machine.variable("DOCKER_CONFIG") ?? Machine.variable("HOME").map { "\($0)/.docker" }
    guard let folder else { return StoredLogins() }
    let path = "\(folder)/config.json"
    let bytes: [UInt8]
    do throws(SyscallError) { bytes = try AtomicFile.read(path, limit: 16 << 20) } catch {
      if error.errno == .noEntry || error.errno == .notDirectory { return StoredLogins() }
      throw ClientError.failed("\(error)")
    }
    do { return try StoredLogins(jsonText: bytes) } catch { throw ClientError.failed("\(path): \(error)") }
  }

  /// `X-Registry-Auth` for `registry`; nil without a login.
  func header(for registry: String) -> String? {
    guard var login = logins[registry == Self.hub ? Self.hubKey : registry] ?? logins["https://\(registry)"],
      !login.auth.isEmpty || !login.identityToken.isEmpty
    else { return nil }
    login.serverAddress = registry
    return Base64.encode(JSONWriter.bytes(login)).replacing("+", with: "-").replacing("/", with: "_")
  }
}
