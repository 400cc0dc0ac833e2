/// Where a registry's images may come from besides itself, as containerd's `hosts.toml` says it.
struct HostsFile: Equatable, Sendable {
  /// One of the places.
  struct Host: Equatable, Sendable {
    /// Nil where it is said by the file's name.
    var address: WebAddress?
    var capabilities = Capabilities.all
    /// Paths of certificates of authorities.
    var authorities: [String] = []
    /// Paths of the certificate, and of its key, that say who asks.
    var client: ClientFiles?
    var skipsVerification = false
    /// Whether the address holds the whole path, without `/v2`.
    var overridesPath = false
    var headers: [Header] = []
  }

  struct Header: Equatable, Sendable {
    var name: String
    var value: String
  }

  struct ClientFiles: Equatable, Sendable {
    var certificate: String
    var key: String
  }

  /// What a place may be asked for.
  struct Capabilities: OptionSet, Sendable {
    let rawValue: Int
    /// Blobs, and manifests by their digest.
    static let pull = Capabilities(rawValue: 1)
    /// What a tag stands for.
    static let resolve = Capabilities(rawValue: 2)
    static let push = Capabilities(rawValue: 4)
    static let all: Capabilities = [.pull, .resolve, .push]
  }

  /// The registry itself.
  var server = Host()
  /// Those that are asked first, in this order.
  var hosts: [Host] = []

  private static let hostLimit = 64

  /// - Parameter folder: what relative paths begin at.
  /// - Throws: ``TOMLError``, or ``RegistryError`` that names what is wrong.
  init(_ bytes: [UInt8], folder: String) throws {
    var root = try TOMLReader.read(bytes)
    var reader = HostReader(folder: folder, place: "")
    if let server = root["server"] {
      self.server.address = try reader.address(try reader.string(server, "server"), "server")
    }
    let hosts = root["host"]
    for name in ["server", "host"] { root.forget(name) }
    try reader.read(root, into: &server)
    guard let hosts else { return }
    guard case .table(let table) = hosts else { throw reader.wrong("host", "expected tables") }
    guard table.names.count <= Self.hostLimit else {
      throw reader.wrong("host", "there are more than \(Self.hostLimit)")
    }
    for name in table.names {
      reader.place = "host.\"\(name)\"."
      guard case .table(let members)? = table[name] else { throw reader.wrong("", "expected a table") }
      var host = Host()
      host.address = try reader.address(name, "")
      try reader.read(members, into: &host)
      self.hosts.append(host)
    }
  }
}

/// Reads the members of one place.
private struct HostReader {
  let folder: String
  /// Where in the file, for a person.
  var place: String

  func wrong(_ name: String, _ reason: String) -> RegistryError {
    RegistryError(.invalid, "\(folder)/hosts.toml: \(place)\(name): \(reason)")
  }

  func string(_ value: TOMLValue, _ name: String) throws -> String {
    guard case .string(let text) = value else { throw wrong(name, "expected a string") }
    return text
  }

  private func boolean(_ value: TOMLValue, _ name: String) throws -> Bool {
    guard case .boolean(let flag) = value else { throw wrong(name, "expected true or false") }
    return flag
  }

  /// One string or several.
  private func strings(_ value: TOMLValue, _ name: String) throws -> [String] {
    if case .string(let text) = value { return [text] }
    guard case .array(let values) = value else { throw wrong(name, "expected a string or an array of them") }
    return try values.map { try string($0, name) }
  }

  func address(_ text: String, _ name: String) throws -> WebAddress {
    guard let address = WebAddress(text.contains("://") ? text : "https://\(text)"), !address.target.contains("?")
    else {
      throw wrong(name, "\"\(text.prefix(160))\" is not the address of a registry")
    }
    return address
  }

  func read(_ table: TOMLTable, into host: inout HostsFile.Host) throws {
    for name in table.names {
      guard let value = table[name] else { continue }
      switch name {
      case "capabilities": host.capabilities = try capabilities(value)
      case "ca": host.authorities = try strings(value, name).map(path)
      case "client": host.client = try client(value)
      case "skip_verify": host.skipsVerification = try boolean(value, name)
      case "override_path": host.overridesPath = try boolean(value, name)
      case "header": host.headers = try headers(value)
      default: throw wrong(name, "there is no such setting")
      }
    }
  }

  private func capabilities(_ value: TOMLValue) throws -> HostsFile.Capabilities {
    var capabilities: HostsFile.Capabilities = []
    for word in try strings(value, "capabilities") {
      switch word.lowercased() {
      case "pull": capabilities.insert(.pull)
      case "resolve": capabilities.insert(.resolve)
      case "push": capabilities.insert(.push)
      default: throw wrong("capabilities", "\"\(word.prefix(40))\" is neither pull, resolve nor push")
      }
    }
    return capabilities
  }

  /// `"both.pem"`, `["both.pem"]`, or `[["certificate.pem", "key.pem"]]`.
  private func client(_ value: TOMLValue) throws -> HostsFile.ClientFiles? {
    var values = [value]
    if case .array(let several) = value { values = several }
    guard values.count <= 1 else { throw wrong("client", "more than one certificate is not supported") }
    guard let first = values.first else { return nil }
    let names = try strings(first, "client").filter { !$0.isEmpty }
    guard let certificate = names.first, names.count <= 2 else {
      throw wrong("client", "expected a file, or one for the certificate and one for its key")
    }
    return HostsFile.ClientFiles(certificate: path(certificate), key: path(names.last ?? certificate))
  }

  private func headers(_ value: TOMLValue) throws -> [HostsFile.Header] {
    guard case .table(let table) = value else { throw wrong("header", "expected a table") }
    return try table.names.flatMap { name in
      let values = try table[name].map { try strings($0, "header.\(name)") } ?? []
      let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
      guard isName, values.allSatisfy({ $0.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F } }) else {
        throw wrong("header.\(name)", "this is no header")
      }
      return values.map { HostsFile.Header(name: name, value: $0) }
    }
  }

  private func path(_ text: String) -> String { text.hasPrefix("/") ? text : "\(folder)/\(text)" }
}
