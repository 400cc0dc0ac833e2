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

  /// Those of one that the container has a link to.
  static func lines(_ linked: LinkedContainer) -> String {
    let names = linked.hostNames.joined(separator: " ")
    return linked.addresses.map { "\($0)\t\(names)\n" }.joined()
  }

  /// The text with the lines whose first name is `alias` at other addresses, of each family one; without one of its family a line
  /// goes.
  static func moving(_ alias: String, to addresses: [String], in text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).compactMap { line -> String? in
      let parts = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[1] == alias || parts[1].hasPrefix("\(alias) ") else { return String(line) }
      let isIPv6 = parts[0].contains(":")
      return addresses.first { $0.contains(":") == isIPv6 }.map { "\($0)\t\(parts[1])" }
    }.joined(separator: "\n")
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
