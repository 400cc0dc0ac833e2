/// The content of a container's `/etc/resolv.conf`.
enum ResolverFile {
  /// Where names are asked for if the host asks only itself, which the container cannot.
  static let fallback = ["8.8.8.8", "8.8.4.4"]

  /// - Parameter host: the host's own file.
  /// - Parameter sharesNetwork: whether the container can reach resolvers on the host's loopback.
  static func content(host: String, configuration: HostConfiguration, sharesNetwork: Bool) -> String {
    let lines = host.split(separator: "\n").map { $0.split(whereSeparator: { $0 == " " || $0 == "\t" }) }
    func values(_ keyword: String) -> [[Substring]] {
      lines.filter { $0.first == keyword[...] }.map { Array($0.dropFirst()) }
    }
    var servers = values("nameserver").compactMap { $0.first.map(String.init) }
    if !sharesNetwork { servers.removeAll(where: isLoopback) }
    if servers.isEmpty, !sharesNetwork { servers = fallback }
    if !configuration.dns.isEmpty { servers = configuration.dns }
    let search =
      configuration.dnsSearch.isEmpty ? values("search").last?.map(String.init) ?? [] : configuration.dnsSearch
    let options =
      configuration.dnsOptions.isEmpty ? values("options").last?.map(String.init) ?? [] : configuration.dnsOptions
    var text = servers.map { "nameserver \($0)\n" }.joined()
    // A single dot asks for no search list at all.
    if !search.isEmpty, search != ["."] { text += "search \(search.joined(separator: " "))\n" }
    if !options.isEmpty { text += "options \(options.joined(separator: " "))\n" }
    return text
  }

  private static func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }
}
