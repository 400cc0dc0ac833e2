internal import Glibc

/// The content of a container's `/etc/hosts`.
enum HostsFile {
  static let base = """
    127.0.0.1\tlocalhost
    ::1\tlocalhost ip6-localhost ip6-loopback
    fe00::\tip6-localnet
    ff00::\tip6-mcastprefix
    ff02::1\tip6-allnodes
    ff02::2\tip6-allrouters

    """

  /// What stands for the host itself in place of an address.
  private static let gateway = "host-gateway"

  /// - Parameter extra: `name:address` or `name=address`.
  /// - Parameter host: the address under which containers reach the host.
  static func content(extra: [String], host: String) throws(ContainerError) -> String {
    var text = base
    for (name, address) in try extra.map(parse) { text += "\(address == gateway ? host : address)\t\(name)\n" }
    return text
  }

  static func line(address: String, hostname: String, domainname: String) -> String {
    let names = domainname.isEmpty ? hostname : "\(hostname).\(domainname) \(hostname)"
    return "\(address)\t\(names)\n"
  }

  /// - Throws: ``ContainerError/invalid(_:)`` in Docker's words.
  static func parse(_ text: String) throws(ContainerError) -> (name: String, address: String) {
    guard let separator = text.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
      throw .invalid("bad format for add-host: \(text.debugDescription)")
    }
    let name = String(text[..<separator])
    let address = String(text[text.index(after: separator)...])
    guard !name.isEmpty, !(name + address).contains(where: { $0.isWhitespace || $0.isNewline }) else {
      throw .invalid("bad format for add-host: \(text.debugDescription)")
    }
    guard address == gateway || isAddress(address) else {
      throw .invalid("invalid IP address in add-host: \(address.debugDescription)")
    }
    return (name, address)
  }

  private static func isAddress(_ text: String) -> Bool {
    var bytes = in6_addr()
    return [AF_INET, AF_INET6].contains { inet_pton($0, text, &bytes) == 1 }
  }
}
