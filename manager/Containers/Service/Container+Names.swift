internal import JSON
internal import LinuxKernel
internal import ShimProtocol

/// The container's shim answers its questions about names, from files: it goes on while no daemon runs.
extension Container {
  /// Has it do so if the container is on a network that somebody made. Harmless if it does already.
  func serveNames(_ pid: Int32) async throws {
    guard record.asksForNames else { return }
    try await writeNames()
    guard case .names(let ports) = try await surroundings.shims.request(.names, of: bundle) else {
      throw ContainerError.failed("the shim's answer to names makes no sense")
    }
    try await surroundings.network.redirectNames(pid: pid, udp: ports.udp, tcp: ports.tcp)
    let (record, paths) = (record, surroundings.paths)
    // One that was on the default network alone has the host's name servers there.
    try await surroundings.threads.runIfActive { try BundleWriter.writeResolver(of: record, paths: paths) }
  }

  /// The same for a container that may end meanwhile.
  /// - Throws: ``ContainerError/conflict(_:)`` if it did.
  func serveNames(whileRunning pid: Int32) async throws {
    do { try await serveNames(pid) } catch {
      guard try await surroundings.threads.runIfActive({ try Self.hasEnded(pid) }) else { throw error }
      throw ContainerError.conflict("container \(id) is not running")
    }
  }

  /// A process that nobody has waited for yet has no namespaces any more either.
  private static func hasEnded(_ pid: Int32) throws(SyscallError) -> Bool {
    do throws(SyscallError) { _ = try FileDescriptor.open("/proc/\(pid)/ns/net") } catch {
      guard [.noEntry, .noProcess].contains(error.errno) else { throw error }
      return true
    }
    return false
  }

  /// Whose names it knows, and who else may be asked.
  func writeNames() async throws {
    let (tables, mayAskOthers) = await surroundings.network.names(for: id)
    let (record, path) = (record, bundle.names)
    try await surroundings.threads.runIfActive {
      // One that has left the last of them must forget, too.
      guard try record.asksForNames || FileStatus.of(path) != nil else { return }
      var configuration = NameConfiguration()
      configuration.tables = tables
      for place in record.places where place.isUserDefined {
        configuration.aliases.merge(try place.request.linkedNames()) { first, _ in first }
      }
      if mayAskOthers { configuration.servers = try BundleWriter.nameServers(of: record) }
      try AtomicFile.write(JSONWriter.bytes(configuration), to: path, durability: .visible)
    }
  }
}
