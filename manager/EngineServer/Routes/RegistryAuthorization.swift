internal import EngineAPI
internal import Images
internal import JSON
internal import NIOHTTP1

/// `X-Registry-Auth`: who the client is at the registry that a request leads to (Engine API, §Authentication).
enum RegistryAuthorization {
  private static let header = "X-Registry-Auth"
  private static let limit = 64 << 10

  /// Nobody in particular without a header.
  /// - Throws: ``APIError`` 400 if it is there, but not base64url of JSON.
  static func credentials(_ headers: HTTPHeaders) throws(APIError) -> RegistryCredentials {
    guard let text = headers.first(name: header), !text.isEmpty else { return RegistryCredentials() }
    guard text.utf8.count <= limit, let bytes = decode(text) else {
      throw .invalidParameter("invalid \(header) header")
    }
    do { return try AuthConfig(jsonText: bytes).credentials } catch {
      throw .invalidParameter("invalid \(header) header: \(error)")
    }
  }

  /// RFC 4648 §5; its padding may be missing, and §4's characters are taken for those that they stand for.
  private static func decode(_ text: String) -> [UInt8]? {
    let digits = text.prefix { $0 != "=" }.replacing("-", with: "+").replacing("_", with: "/")
    return Base64.decode(digits + String(repeating: "=", count: (4 - digits.utf8.count % 4) % 4))
  }
}

extension AuthConfig {
  var credentials: RegistryCredentials {
    var credentials = RegistryCredentials()
    credentials.username = username
    credentials.password = password
    credentials.identityToken = identityToken
    credentials.registryToken = registryToken
    // The name and the password in one, as `config.json` keeps them.
    if username.isEmpty, let bytes = Base64.decode(auth) {
      let parts = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1)
      if parts.count == 2 { (credentials.username, credentials.password) = (String(parts[0]), String(parts[1])) }
    }
    return credentials
  }
}
