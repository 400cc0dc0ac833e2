internal import LinuxKernel

/// Leads what a container sends to 127.0.0.11, port 53, to where its names are known. A server of its own may have port 53 itself.
/// Blocks; not for the cooperative pool.
enum NameRedirection {
  private static let table = "proa-names"

  /// In place of what there was.
  static func apply(pid: Int32, udp: UInt16, tcp: UInt16) throws {
    let namespace: FileDescriptor
    do { namespace = try NetworkNamespace.open(ofProcess: pid) } catch {
      if error.errno == .noEntry { throw NetworkError.noProcess(pid: pid) }
      throw error
    }
    guard try !NetworkNamespace.isCurrent(namespace) else {
      throw NetworkError.invalid("process \(pid) is in the host's network namespace")
    }
    let rules = rules(udp: udp, tcp: tcp)
    try NetworkNamespace.onThread(in: namespace.number) {
      Result { () throws(NetworkError) in try NFTables.run(rules, "lead questions about names") }
    }.get()
  }

  static func rules(udp: UInt16, tcp: UInt16) -> String {
    """
    add table ip \(table)
    delete table ip \(table)
    table ip \(table) {
      chain output {
        type nat hook output priority -100; policy accept;
        ip daddr 127.0.0.11 udp dport 53 dnat to 127.0.0.11:\(udp)
        ip daddr 127.0.0.11 tcp dport 53 dnat to 127.0.0.11:\(tcp)
      }
    }
    """
  }
}
