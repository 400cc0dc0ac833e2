package import LinuxKernel

/// Who is called what on one network, as the manager writes it down: the network's name in the first line, then a line for
/// each address of a container, with its names.
///
/// ```
/// front
/// 10.9.0.2 web www 0123456789ab
/// fd00::2 web www 0123456789ab
/// ```
package struct NameTable: Equatable {
  private var addresses: [String: [IPAddress]] = [:]
  private var names: [IPAddress: String] = [:]

  package init(_ text: String) {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
    guard let network = lines.first.map({ String($0) ?? "" })?.lowercased() else { return }
    for line in lines.dropFirst() {
      let words = line.split(separator: UInt8(ascii: " ")).map { (String($0) ?? "").lowercased() }
      guard let address = words.first.flatMap({ IPAddress($0) }), words.count > 1 else { continue }
      for name in words.dropFirst() where !name.isEmpty {
        add(address, to: name)
        add(address, to: "\(name).\(network)")
      }
      names[address] = "\(words[1]).\(network)"
    }
  }

  private mutating func add(_ address: IPAddress, to name: String) {
    if addresses[name]?.contains(address) != true { addresses[name, default: []].append(address) }
  }

  package func addresses(of name: String) -> [IPAddress] { addresses[name] ?? [] }

  package func name(of address: IPAddress) -> String? { names[address] }
}

/// What there is to say about a name.
package enum NameLookup: Equatable {
  case answer(NameAnswer)
  /// Somebody else may know.
  case unknown

  /// - Parameter turn: grows with every question, so that each address of a name is the first in its turn.
  /// - Parameter aliases: names that stand for others, in lower case.
  package init(_ query: NameQuery, in tables: [NameTable], aliases: [String: String] = [:], turn: Int) {
    self = .unknown
    guard query.queryClass == NameQuery.internetClass else { return }
    if query.type == NameQuery.pointerType {
      guard let address = Self.address(in: query.name) else { return }
      let names = tables.compactMap { $0.name(of: address) }
      if !names.isEmpty { self = .answer(NameAnswer(.fine, names.map { .name($0) })) }
      return
    }
    let name = aliases[query.name] ?? query.name
    let known = tables.map { $0.addresses(of: name) }.first { !$0.isEmpty }
    guard let known else { return }
    // Of other types there is nothing, and nobody else knows better.
    let asked = known.filter { query.type == ($0.isIPv6 ? NameQuery.ipv6Type : NameQuery.addressType) }
    let first = asked.isEmpty ? 0 : turn % asked.count
    self = .answer(NameAnswer(.fine, (asked[first...] + asked[..<first]).map { .address($0) }))
  }

  /// Of `2.0.9.10.in-addr.arpa`, 10.9.0.2.
  private static func address(in name: String) -> IPAddress? {
    let suffix = ".in-addr.arpa"
    guard name.hasSuffix(suffix) else { return ipv6Address(in: name) }
    return IPv4Address(name.dropLast(suffix.utf8.count).split(separator: ".").reversed().joined(separator: "."))
      .map { .v4($0) }
  }

  /// Of 32 hexadecimal digits with dots between, the last first, and `ip6.arpa` (RFC 3596 §2.5).
  private static func ipv6Address(in name: String) -> IPAddress? {
    let suffix = ".ip6.arpa"
    guard name.hasSuffix(suffix) else { return nil }
    let digits = name.dropLast(suffix.utf8.count).split(separator: ".", omittingEmptySubsequences: false)
    guard digits.count == 32, digits.allSatisfy({ $0.utf8.count == 1 }) else { return nil }
    return UInt128(digits.reversed().joined(), radix: 16).map { .v6(IPv6Address(rawValue: $0)) }
  }
}
