internal import Containers
internal import EngineAPI
internal import JSON

/// A line of `docker ps`.
enum SummaryTranslation {
  /// - Parameter linkNames: what those call it that have links to it.
  static func summary(
    _ record: ContainerRecord, linkNames: [String] = [], paths: ContainerPaths, now: Timestamp, for version: APIVersion
  ) -> ContainerSummary {
    var summary = ContainerSummary()
    summary.id = record.id.text
    summary.names = (["\(record.name)"] + linkNames).map { "/\($0)" }
    summary.image = record.imageName
    summary.imageID = record.imageID
    summary.command = command(record.configuration.arguments)
    summary.created = record.createdAt.seconds
    summary.ports = PortTranslation.summary(record)
    summary.labels = record.configuration.labels
    summary.state = ContainerStatus(rawValue: record.state.status.rawValue)
    summary.status = StatusText.text(record.state, health: record.health?.status, now: now)
    summary.hostConfig.networkMode = record.host.networkMode.text
    if version >= APIVersion(1, 46) { summary.hostConfig.annotations = record.host.annotations }
    var connections = ContainerSummary.Connections()
    connections.networks = NetworkTranslation.networks(record, for: version)
    summary.networkSettings = connections
    summary.mounts = MountTranslation.points(record, paths)
    return summary
  }

  /// An array of lines as JSON. A line is made again when its container has changed, or what its state is called: programs
  /// ask for all of them all the time.
  static func encoded(
    _ containers: [ListedContainer], linkNames: [ContainerID: [String]] = [:], paths: ContainerPaths, now: Timestamp,
    for version: APIVersion
  ) -> [UInt8] {
    let form = version >= APIVersion(1, 46) ? "+" : version >= APIVersion(1, 45) ? "=" : "-"
    var text: [UInt8] = [UInt8(ascii: "[")]
    for (index, container) in containers.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      let record = container.record
      let status = StatusText.text(record.state, health: record.health?.status, now: now)
      let names = linkNames[record.id] ?? []
      text += container.bytes(form + status + names.joined()) {
        JSONWriter.bytes(summary(record, linkNames: names, paths: paths, now: now, for: version))
      }
    }
    text.append(UInt8(ascii: "]"))
    return text
  }

  /// Lines with sizes, which are read from the disk. As in Docker, 0 is not said.
  static func sized(
    _ records: [ContainerRecord], by service: ContainerService, for version: APIVersion
  ) async throws -> [ContainerSummary] {
    let (now, linkNames) = (Timestamp.now(), service.linkNames())
    return try await zip(records, service.sizes(of: records)).map { record, size in
      var summary = summary(
        record, linkNames: linkNames[record.id] ?? [], paths: service.paths, now: now, for: version)
      summary.sizeRw = size.written == 0 ? nil : size.written
      summary.sizeRootFs = size.total == 0 ? nil : size.total
      return summary
    }
  }

  /// The path, then the arguments; those with spaces in single quotes.
  private static func command(_ arguments: [String]) -> String {
    arguments.enumerated().map { index, argument in
      index > 0 && argument.contains(" ") ? "'\(argument)'" : argument
    }.joined(separator: " ")
  }
}

/// `Up 3 minutes (healthy)`, `Exited (0) 2 hours ago`.
enum StatusText {
  static func text(
    _ state: Containers.ContainerState, health: ContainerHealth.Status? = nil, now: Timestamp
  ) -> String {
    switch state {
    case .created: "Created"
    case .running(let running):
      "Up \(duration(from: running.startedAt, to: now))" + (running.isPaused ? " (Paused)" : text(health))
    case .exited(let exit): "Exited (\(exit.status)) \(duration(from: exit.finishedAt, to: now)) ago"
    case .restarting(let exit): "Restarting (\(exit.status)) \(duration(from: exit.finishedAt, to: now)) ago"
    case .removing: "Removal In Progress"
    case .dead: "Dead"
    }
  }

  private static func text(_ health: ContainerHealth.Status?) -> String {
    switch health {
    case nil: ""
    case .starting: " (health: starting)"
    case .healthy: " (healthy)"
    case .unhealthy: " (unhealthy)"
    }
  }

  /// Docker's rough words for a length of time.
  static func duration(from start: Timestamp, to end: Timestamp) -> String {
    let seconds = max(0, (end.nanoseconds - start.nanoseconds) / 1_000_000_000)
    let (minutes, hours) = (seconds / 60, (seconds + 1800) / 3600)
    switch seconds {
    case 0: return "Less than a second"
    case 1: return "1 second"
    case ..<60: return "\(seconds) seconds"
    default: break
    }
    switch (minutes, hours) {
    case (1, _): return "About a minute"
    case (..<60, _): return "\(minutes) minutes"
    case (_, 1): return "About an hour"
    case (_, ..<48): return "\(hours) hours"
    case (_, ..<(24 * 7 * 2)): return "\(hours / 24) days"
    case (_, ..<(24 * 30 * 2)): return "\(hours / 24 / 7) weeks"
    case (_, ..<(24 * 365 * 2)): return "\(hours / 24 / 30) months"
    default: return "\(hours / 24 / 365) years"
    }
  }
}
