package import LinuxKernel

/// Who is called what on one network, as the manager writes it down: the network's name in the first line, then a line for
/// each container, its address and its names.
///
/// ```
/// front
/// 10.9.0.2 web www 0123456789ab
/// ```
package struct NameTable: Equatable {
  private var addresses: [String: [IPv4Address]] = [:]
  private var names: [IPv4Address: String] = [:]

  package init(_ text: String) {
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
    guard let network = lines.first.map({ String($0) ?? "" })?.lowercased() else { return }
    for line in lines.dropFirst() {
      let words = line.split(separator: UInt8(ascii: " ")).map { (String($0) ?? "").lowercased() }
      guard let address = words.first.flatMap({ IPv4Address($0) }), words.count > 1 else { continue }
      for name in words.dropFirst() where !name.isEmpty {
        add(address, to: name)
        add(address, to: "\(name).\(network)")
      }
      names[address] = "\(words[1]).\(network)"
    }
  }

  private mutating func add(_ address: IPv4Address, to name: String) {
    if addresses[name]?.contains(address) != true { addresses[name, default: []].append(address) }
  }

  package func addresses(of name: String) -> [IPv4Address] { addresses[name] ?? [] }

  package func name(of address: IPv4Address) -> String? { names[address] }
}

/// What there is to say about a name.
package enum NameLookup: Equatable {
  case answer(NameAnswer)
  /// Somebody else may know.
  case unknown

  /// - Parameter turn: grows with every question, so that each address of a name is the first in its turn.
  package init(_ query: NameQuery, in tables: [NameTable], turn: Int) {
    self = .unknown
    guard query.queryClass == NameQuery.internetClass else { return }
    if query.type == NameQuery.pointerType {
      guard let address = Self.address(in: query.name) else { return }
      let names = tables.compactMap { $0.name(of: address) }
      if !names.isEmpty { self = .answer(NameAnswer(.fine, names.map { .name($0) })) }
      return
    }
    let known = tables.map { $0.addresses(of: query.name) }.first { !$0.isEmpty }
    guard let known else { return }
    // Of other types there is nothing, and nobody else knows better.
    guard query.type == NameQuery.addressType else {
      self = .answer(NameAnswer())
      return
    }
    let first = turn % known.count
    self = .answer(NameAnswer(.fine, (known[first...] + known[..<first]).map { .address($0) }))
  }

  /// Of `2.0.9.10.in-addr.arpa`, 10.9.0.2.
  private static func address(in name: String) -> IPv4Address? {
    let suffix = ".in-addr.arpa"
    guard name.hasSuffix(suffix) else { return nil }
    return IPv4Address(name.dropLast(suffix.utf8.count).split(separator: ".").reversed().joined(separator: "."))
  }
}
