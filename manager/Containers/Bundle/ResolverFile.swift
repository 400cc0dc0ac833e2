internal import ShimProtocol

/// The content of a container's `/etc/resolv.conf`.
enum ResolverFile {
  /// Where names are asked for if the host asks only itself, which the container cannot.
  static let fallback = ["8.8.8.8", "8.8.4.4"]

  /// - Parameter host: the host's own file.
  /// - Parameter sharesNetwork: whether the container can reach resolvers on the host's loopback.
  /// - Parameter asksForNames: whether the container's shim answers, and asks those servers itself.
  static func content(
    host: String, configuration: HostConfiguration, sharesNetwork: Bool, asksForNames: Bool = false
  ) -> String {
    let lines = host.split(separator: "\n").map { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }) }
    func values(_ keyword: String) -> [[Substring]] {
      lines.filter { $0.first == keyword[...] }.map { Array($0.dropFirst()) }
    }
    var servers = values("nameserver").compactMap { $0.first.map(String.init) }
    if !sharesNetwork { servers.removeAll(where: isLoopback) }
    if servers.isEmpty, !sharesNetwork { servers = fallback }
    if !configuration.dns.isEmpty { servers = configuration.dns }
    if asksForNames { servers = [NamePorts.address] }
    let search =
      configuration.dnsSearch.isEmpty ? values("search").last?.map(String.init) ?? [] : configuration.dnsSearch
    var options =
      configuration.dnsOptions.isEmpty ? values("options").last?.map(String.init) ?? [] : configuration.dnsOptions
    // A name without a dot may be a container's.
    if asksForNames, !options.contains(where: { $0.hasPrefix("ndots:") }) { options.append("ndots:0") }
    var text = servers.map { "nameserver \($0)\n" }.joined()
    // A single dot asks for no search list at all.
    if !search.isEmpty, search != ["."] { text += "search \(search.joined(separator: " "))\n" }
    if !options.isEmpty { text += "options \(options.joined(separator: " "))\n" }
    return text
  }

  /// The host's name servers, or those that somebody chose. Asked by the host, those on its loopback answer, too.
  static func servers(host: String, configuration: HostConfiguration) -> [String] {
    if !configuration.dns.isEmpty { return configuration.dns }
    return host.split(separator: "\n").compactMap { line in
      let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      return words.count > 1 && words[0] == "nameserver" ? String(words[1]) : nil
    }
  }

  private static func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }
}
