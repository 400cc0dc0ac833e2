internal import LinuxKernel
internal import Synchronization

/// Who is called what on each network, in files that shims answer from. Blocks; not for the cooperative pool.
final class NameTables: Sendable {
  let folder: String
  /// The newest that was written of each network, so that no older one overwrites it.
  private let written = Mutex<[String: UInt64]>([:])

  init(folder: String) { self.folder = folder }

  func path(_ network: Network) -> String { "\(folder)/\(network.id)" }

  /// - Parameter version: grows with every change of any network.
  func write(_ network: Network, _ endpoints: [Endpoint], version: UInt64) throws(SyscallError) {
    let places = endpoints.filter { !$0.names.isEmpty }.flatMap { endpoint in
      endpoint.addresses.map { (address: $0, names: endpoint.names.filter(Self.isWord)) }
    }
    let lines = places.sorted { $0.address < $1.address }.map { place in
      ([place.address.description] + place.names).joined(separator: " ")
    }
    let text = ([Self.isWord(network.name) ? network.name : network.id] + lines).joined(separator: "\n") + "\n"
    try written.withLock { written throws(SyscallError) in
      guard written[network.id, default: 0] < version else { return }
      try Directory.make(folder, mode: 0o711)
      try AtomicFile.write(Array(text.utf8), to: path(network), durability: .visible)
      written[network.id] = version
    }
  }

  /// Removes what an earlier manager wrote of networks that are no more.
  func begin(with networks: [Network]) throws(SyscallError) {
    try Directory.make(folder, mode: 0o711)
    let known = Set(networks.map(\.id))
    for name in try Directory.names(folder) where !known.contains(name) {
      try Directory.removeTree("\(folder)/\(name)")
    }
  }

  func remove(_ network: Network) throws(SyscallError) {
    try written.withLock { written throws(SyscallError) in
      written[network.id] = nil
      try Directory.removeTree(path(network))
    }
  }

  /// What cannot be asked for is left out: it would be taken for two.
  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 253 && text.utf8.allSatisfy { $0 > 32 && $0 != 127 }
  }
}
