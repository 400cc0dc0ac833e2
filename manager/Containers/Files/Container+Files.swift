internal import LinuxKernel
internal import Tar

extension Container {
  /// The container's files for somebody who reads them, or writes while the container runs.
  /// - Parameter hasBinds: whether what the container has from the host is there, too.
  func view(hasBinds: Bool) async throws -> RootfsView {
    try await exclusively { container in
      try container.checkNotRemoving()
      let isMounted = container.record.state.running != nil
      return try await container.makeView(isMounted ? .mounted(at: container.bundle.rootfs) : .unmounted, hasBinds)
    }
  }

  /// Runs `body` on the container's files, to write to them. One that does not run is not started meanwhile.
  func writing<Value: Sendable>(_ body: @Sendable (RootfsView) async throws -> Value) async throws -> Value {
    let mounted = try await exclusively { container in
      container.record.state.running == nil
        ? nil : try await container.makeView(.mounted(at: container.bundle.rootfs), true)
    }
    if let mounted { return try await body(mounted) }
    return try await exclusively { container in
      try container.checkNotRemoving()
      let isMounted = container.record.state.running != nil
      return try await body(
        try await container.makeView(isMounted ? .mounted(at: container.bundle.rootfs) : .writable, true))
    }
  }

  private func makeView(_ source: RootfsViewRequest.Source, _ hasBinds: Bool) async throws -> RootfsView {
    var request = RootfsViewRequest(source: source, folder: surroundings.paths.views)
    request.isReadOnly = record.host.readonlyRootfs
    // Whoever makes it, it is limited from the beginning.
    if source == .writable || source == .unmounted { try await makeLimitedLayer() }
    guard hasBinds else { return try await surroundings.rootfs.view(id, chainID: record.chainID, request) }
    request.binds = try record.bindsInView(surroundings.paths)
    if record.state.running != nil || (record.volumes.isEmpty && record.mountedImages.isEmpty) {
      return try await surroundings.rootfs.view(id, chainID: record.chainID, request)
    }
    // The view keeps what was mounted when it was made.
    return try await withMounts { [request] container in
      try await container.surroundings.rootfs.view(container.id, chainID: container.record.chainID, request)
    }
  }

  private func checkNotRemoving() throws(ContainerError) {
    switch record.state {
    case .removing, .dead: throw .conflict("container \(record.name) is marked for removal")
    case .created, .running, .restarting, .exited: break
    }
  }
}

extension ContainerRecord {
  /// What the container has from the host, outer ones first.
  fileprivate func bindsInView(_ paths: ContainerPaths) throws(ContainerError) -> [MountRequest] {
    let bundle = paths.bundle(id)
    let mounted = volumes(in: bundle).map(\.bind) + images(in: bundle)
    let requested = try host.allMounts().filter { $0.kind == .bind } + mounted
    let targets = Set((try host.allMounts() + mounted).map { PathCleaning.clean($0.target) })
    let own = [
      ("/etc/hosts", paths.hosts(id)), ("/etc/hostname", paths.hostname(id)), ("/etc/resolv.conf", paths.resolver(id)),
    ].filter { !targets.contains($0.0) }.map { target, source in
      var mount = MountRequest()
      (mount.source, mount.target, mount.readOnly) = (source, target, host.readonlyRootfs)
      return mount
    }
    return (own + requested).sorted {
      $0.target.split(separator: "/").count < $1.target.split(separator: "/").count
    }
  }
}
