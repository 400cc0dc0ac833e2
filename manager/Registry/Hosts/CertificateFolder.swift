internal import LinuxKernel

/// What is kept for a registry in a folder of its name: `certs.d/HOST:PORT`, as Docker has it (`*.crt`, `*.cert` with
/// `*.key`), or with a `hosts.toml`, as containerd has it.
struct CertificateFolder {
  private static let fileLimit = 64 << 10

  let path: String

  /// The first of `folders` that has something for `registry`; nil if none has. Blocks.
  static func of(_ registry: String, in folders: [String]) throws -> CertificateFolder? {
    // Names of registries are checked where they come from; this one becomes a part of a path.
    guard !registry.contains("/"), !registry.hasPrefix(".") else { return nil }
    return try folders.lazy.map { "\($0)/\(registry)" }
      .first { try FileStatus.of($0)?.kind == .directory }.map(CertificateFolder.init)
  }

  /// - Throws: ``RegistryError`` that names the file that is wrong.
  func hosts() throws -> HostsFile {
    do {
      let names = try Directory.names(path).sorted()
      guard !names.contains("hosts.toml") else { return try listed() }
      var file = try HostsFile([], folder: path)
      file.server.authorities = names.filter { $0.hasSuffix(".crt") }.map { "\(path)/\($0)" }
      file.server.client = try client(names)
      return file
    } catch let error as SyscallError { throw RegistryError(.invalid, "\(path): \(error)") }
  }

  private func listed() throws -> HostsFile {
    let file = try FileDescriptor.open("\(path)/hosts.toml", [.readOnly])
    do { return try HostsFile(try file.readAll(limit: Self.fileLimit), folder: path) } catch let error as TOMLError {
      throw RegistryError(.invalid, "\(path)/hosts.toml: \(error)")
    }
  }

  private func client(_ names: [String]) throws -> HostsFile.ClientFiles? {
    let certificates = names.filter { $0.hasSuffix(".cert") }.map { String($0.dropLast(5)) }
    let keys = names.filter { $0.hasSuffix(".key") }.map { String($0.dropLast(4)) }
    if let name = certificates.first(where: { !keys.contains($0) }) {
      throw RegistryError(
        .invalid,
        "missing key \(name).key for client certificate \(name).cert. CA certificates must use the extension .crt")
    }
    if let name = keys.first(where: { !certificates.contains($0) }) {
      throw RegistryError(.invalid, "missing client certificate \(name).cert for key \(name).key")
    }
    guard certificates.count <= 1 else {
      throw RegistryError(.invalid, "\(path): more than one client certificate is not supported")
    }
    return certificates.first.map {
      HostsFile.ClientFiles(certificate: "\(path)/\($0).cert", key: "\(path)/\($0).key")
    }
  }
}
