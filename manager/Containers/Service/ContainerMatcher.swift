internal import LinuxKernel

/// A filter made ready to be asked about many containers.
struct ContainerMatcher {
  private let filter: ContainerFilter
  private let names: [Pattern]
  private let ancestors: Set<String>?
  private let before: ContainerRecord?
  private let since: ContainerRecord?

  /// - Parameter ancestors: identifiers of the images that the filter's names stand for; `nil` if it names none.
  /// - Throws: ``ContainerError/invalid(_:)`` for a malformed regular expression.
  init(
    _ filter: ContainerFilter, ancestors: Set<String>? = nil, before: ContainerRecord? = nil,
    since: ContainerRecord? = nil
  ) throws(ContainerError) {
    self.filter = filter
    self.ancestors = ancestors
    self.before = before
    self.since = since
    var names: [Pattern] = []
    for text in filter.names {
      do throws(PatternError) { names.append(try Pattern(text)) } catch {
        throw .invalid("invalid filter 'name=\(text)': \(error.description)")
      }
    }
    self.names = names
  }

  func matches(_ record: ContainerRecord) -> Bool {
    !filter.isUnsatisfiable && matchesIdentity(record) && matchesState(record) && matchesOrder(record)
      && matchesPlace(record)
  }

  private func matchesIdentity(_ record: ContainerRecord) -> Bool {
    if !filter.ids.isEmpty, !filter.ids.contains(where: record.id.text.hasPrefix) { return false }
    if !names.isEmpty, !names.contains(where: { $0.matches("/\(record.name)") || $0.matches(record.name.text) }) {
      return false
    }
    if let ancestors, !ancestors.contains(record.imageID) { return false }
    return filter.labels.allSatisfy { LabelPattern($0).matches(record.configuration.labels) }
  }

  private func matchesState(_ record: ContainerRecord) -> Bool {
    if !filter.statuses.isEmpty, !filter.statuses.contains(record.state.status) { return false }
    if !filter.healths.isEmpty, !filter.healths.contains(record.health?.status.rawValue ?? "none") { return false }
    if filter.exited.isEmpty { return true }
    guard case .exited(let exit) = record.state else { return false }
    return filter.exited.contains(exit.status)
  }

  private func matchesOrder(_ record: ContainerRecord) -> Bool {
    if let before, record.createdAt >= before.createdAt { return false }
    if let since, record.createdAt <= since.createdAt { return false }
    return true
  }

  private func matchesPlace(_ record: ContainerRecord) -> Bool {
    if !filter.networks.isEmpty, !filter.networks.contains(where: { record.isOn(network: $0) }) { return false }
    if !filter.published.isEmpty {
      let ports = record.portsToPublish
      guard
        filter.published.compactMap(PortBinding.init(exposed:)).contains(where: { wanted in
          ports.contains { $0.containerPort == wanted.containerPort && $0.transport == wanted.transport }
        })
      else { return false }
    }
    if !filter.exposed.isEmpty {
      let wanted = filter.exposed.compactMap(PortBinding.init(exposed:))
      let exposed = record.configuration.exposedPorts.compactMap(PortBinding.init(exposed:))
      guard wanted.contains(where: exposed.contains) else { return false }
    }
    if !filter.volumes.isEmpty {
      let paths = record.mountedPaths
      guard filter.volumes.contains(where: paths.contains) else { return false }
    }
    return true
  }
}

extension ContainerRecord {
  fileprivate func isOn(network: String) -> Bool {
    network == host.networkMode.text || places.contains { network == $0.network || network == $0.networkID }
  }

  fileprivate var mountedPaths: Set<String> {
    Set(
      host.requestedMounts.flatMap { [$0.source, $0.target] } + volumes.flatMap { [$0.name, $0.target] }
        + mountedImages.flatMap { [$0.name, $0.target] })
  }
}
