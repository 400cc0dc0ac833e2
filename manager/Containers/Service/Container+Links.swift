/// Links on the default network (`--link`).
extension Container {
  /// What is told of those that it has links to. One that is gone has none any more, as with Docker.
  /// - Throws: ``ContainerError/failed(_:)`` in Docker's words for one that does not run, or is elsewhere.
  func linkedContainers() throws(ContainerError) -> [LinkedContainer] {
    guard record.host.networkMode == .bridge else { return [] }
    var linked: [LinkedContainer] = []
    for (link, other) in surroundings.index.linked(from: record) {
      guard let place = other.places.first(where: { $0.network == NetworkMode.bridge.text }) else {
        throw .failed("Cannot link to /\(other.name), as it does not belong to the default network")
      }
      guard other.state.running != nil, let endpoint = place.endpoint else {
        throw .failed("Cannot link to a non running container: /\(other.name) AS /\(record.name)/\(link.alias)")
      }
      linked.append(
        LinkedContainer(
          alias: link.alias, owner: record.name.text, name: other.name.text, hostname: other.hostname,
          address: endpoint.address, addresses: endpoint.addresses,
          ports: other.configuration.exposedPorts.compactMap(PortBinding.init(exposed:)),
          environment: other.configuration.environment))
    }
    return linked
  }

  /// Those that run and have a link to it find it at its new addresses, some time later.
  func tellLinkOwners() {
    guard linkAddresses != nil else { return }
    let target = id.text
    for (owner, links) in surroundings.index.linkOwners(of: id) {
      for link in links where link.target == target {
        surroundings.supervisor.operate { await owner.follow(link) }
      }
    }
  }

  /// Where links lead that others have to it; `nil`: nowhere.
  private var linkAddresses: [String]? {
    record.places.first { $0.network == NetworkMode.bridge.text }?.endpoint?.addresses
  }

  private func follow(_ link: LegacyLink) async {
    do { try await exclusively { container in try await container.followNow(link) } } catch ContainerError.notFound {
      // Removed meanwhile.
    } catch {
      logger.error("the link \(link.alias) leads to where nobody is any more", metadata: ["error": "\(error)"])
    }
  }

  /// In its turn: one that is being started may have read the last addresses. And to where the other one is now: it may have moved
  /// again.
  private func followNow(_ link: LegacyLink) async throws {
    guard record.state.running != nil, record.host.links.contains(link),
      let addresses = try await surroundings.index.find(link.target).container.linkAddresses
    else { return }
    let (path, alias) = (surroundings.paths.hosts(id), link.alias)
    try await surroundings.threads.runIfActive { try BundleWriter.moveHost(alias, to: addresses, at: path) }
  }

  /// - Throws: ``ContainerError/failed(_:)`` if there is no such link.
  func removeLink(_ alias: String) async throws {
    try await exclusively { container in try await container.removeLinkNow(alias) }
  }

  private func removeLinkNow(_ alias: String) async throws {
    let before = record.host.links
    record.host.links.removeAll { $0.alias == alias }
    do { try await save(durable: true) } catch {
      record.host.links = before
      throw error
    }
    surroundings.index.update(record)
    let path = surroundings.paths.hosts(id)
    guard record.state.running != nil else { return }
    try await surroundings.threads.runIfActive { try BundleWriter.moveHost(alias, to: [], at: path) }
  }
}

extension ContainerService {
  /// Takes away the link that is called `owner/alias`.
  public func removeLink(_ name: String) async throws {
    let parts = name.split(separator: "/").map(String.init)
    guard parts.count == 2 else {
      _ = try index.find(name)
      throw ContainerError.conflict("Conflict, cannot remove the default name of the container")
    }
    let (owner, record) = try index.find(parts[0])
    guard record.host.links.contains(where: { $0.alias == parts[1] }) else { throw ContainerError.notFound(name) }
    try await surroundings.supervisor.finish { try await owner.removeLink(parts[1]) }
  }

  /// The container's links as Docker tells of them: `/db:/web/database`.
  public func links(of record: ContainerRecord) -> [String] {
    index.linked(from: record).map { link, other in "/\(other.name):/\(record.name)/\(link.alias)" }
  }

  /// What else containers are called, by those that have links to them: `web/database`.
  public func linkNames() -> [ContainerID: [String]] { index.linkNames() }

  /// With identifiers in place of the names of those that the links are to.
  func resolvedLinks(_ links: [LegacyLink]) throws(ContainerError) -> [LegacyLink] {
    var resolved: [LegacyLink] = []
    for var link in links where !resolved.contains(where: { $0.alias == link.alias }) {
      var other: ContainerRecord
      do throws(ContainerError) { other = try index.find(link.target).record } catch {
        throw .invalid("could not get container for \(link.target): \(error)")
      }
      other = index.networkOwner(of: other)
      guard other.host.networkMode != .host else {
        throw .invalid(CreateRequest.conflict("host type networking"))
      }
      link.target = other.id.text
      resolved.append(link)
    }
    return resolved
  }
}
