internal import LinuxKernel

extension NetworkService {
  /// Where it is written who is called what on the container's networks, and whether others may be asked what is not there: nothing
  /// leads out of internal networks, questions neither.
  public func names(for containerID: String) -> (tables: [String], mayAskOthers: Bool) {
    let known = endpoints(of: containerID).compactMap { networks[$0.network]?.network }
    return (known.filter { !$0.isPredefined }.map(nameTables.path), known.contains { !$0.isInternal })
  }

  /// What others call the container from now on.
  /// - Parameter names: by the networks' identifiers.
  public func rename(_ containerID: String, _ names: [String: [String]]) async throws {
    for endpoint in endpoints(of: containerID) {
      guard let new = names[endpoint.network], new != endpoint.names,
        let index = endpoints(of: containerID).firstIndex(where: { $0.id == endpoint.id })
      else { continue }
      endpoints[containerID]?[index].names = new
      try await store.put(endpoints(of: containerID)[index])
      try await writeNames(endpoint.network)
    }
  }

  /// Leads the container's questions about names to these ports of 127.0.0.11.
  public func redirectNames(pid: Int32, udp: UInt16, tcp: UInt16) async throws {
    try await blocking { try NameRedirection.apply(pid: pid, udp: udp, tcp: tcp) }
  }

  /// Writes down who is called what there now.
  func writeNames(_ key: String) async throws {
    guard let network = networks[key]?.network, !network.isPredefined, network.hasSegment else { return }
    nameVersion += 1
    let (version, known) = (nameVersion, endpoints(on: network))
    try await blocking { [nameTables] in try nameTables.write(network, known, version: version) }
  }

  /// What cannot be written is tried again with the next change; meanwhile a name is unknown, or still known.
  func updateNames(_ key: String) async {
    do { try await writeNames(key) } catch {
      logger.error("cannot write down the names of the network \(networks[key]?.network.name ?? key): \(error)")
    }
  }
}
