internal import OCIImageSpec

extension ContainerConfiguration {
  /// This request filled up with what the image says, by Docker's rules.
  /// - Throws: ``ContainerError/invalid(_:)`` if there is no command in the end.
  func merged(with image: ContainerDefaults?) throws(ContainerError) -> ContainerConfiguration {
    var merged = self
    if let image { merged.fill(from: image) }
    // `--entrypoint ""` arrives as one empty string: neither the image's entrypoint nor another one.
    if merged.entrypoint == [""] { merged.entrypoint = nil }
    if merged.arguments.isEmpty { throw .invalid("no command specified") }
    if merged.arguments[0].isEmpty { throw .invalid("the command is empty") }
    return merged
  }

  private mutating func fill(from image: ContainerDefaults) {
    if user.isEmpty { user = image.user ?? "" }
    if workingDirectory.isEmpty { workingDirectory = image.workingDir ?? "" }
    if entrypoint?.isEmpty ?? true {
      if command?.isEmpty ?? true { command = image.cmd }
      if entrypoint == nil { entrypoint = image.entrypoint }
    }
    let named = Set(environment.map { $0.prefix { $0 != "=" } })
    environment += (image.env ?? []).filter { !named.contains($0.prefix { $0 != "=" }) }
    labels.merge(image.labels ?? [:]) { own, _ in own }
    stopSignal = stopSignal ?? image.stopSignal
    stopTimeout = stopTimeout ?? image.stopTimeout
    if let check = image.healthcheck.map({ HealthConfiguration($0) }) {
      healthCheck = healthCheck?.filled(from: check) ?? check
    }
    volumes = Set(volumes).union((image.volumes ?? [:]).keys).sorted()
    exposedPorts = Set(exposedPorts).union((image.exposedPorts ?? [:]).keys).sorted()
  }

  /// What the container's init is called with: the entrypoint, then the command.
  public var arguments: [String] { (entrypoint ?? []) + (command ?? []) }
}
