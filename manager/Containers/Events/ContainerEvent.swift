/// Something that happened to a container, or to a network or a volume because of it, as Docker tells of it.
public struct ContainerEvent: Equatable, Sendable {
  public enum Subject: String, Sendable {
    case container, network, volume
  }

  public var subject: Subject
  /// `start`, `exec_create: sh -c true`, …
  public var action: String
  /// Of the container or the network, a volume's name; empty if it is no one thing's.
  public var id: String
  /// Docker's names for what there is to say; a container's labels, image and name.
  public var attributes: [String: String]
  public var time = Timestamp.now()

  public init(_ subject: Subject, _ action: String, id: String, attributes: [String: String]) {
    self.subject = subject
    self.action = action
    self.id = id
    self.attributes = attributes
  }
}

extension ContainerRecord {
  func event(_ action: String, _ attributes: [String: String] = [:]) -> ContainerEvent {
    var attributes = attributes.merging(configuration.labels) { _, label in label }
    if !imageName.isEmpty { attributes["image"] = imageName }
    attributes["name"] = name.text
    return ContainerEvent(.container, action, id: id.text, attributes: attributes)
  }

  /// One for each network; none for a container that is on no network itself.
  func networkEvents(_ action: String) -> [ContainerEvent] { places.map { networkEvent(action, $0) } }

  func networkEvent(_ action: String, _ place: NetworkPlace) -> ContainerEvent {
    let drivers = ["none": "null", "host": "host"]
    return ContainerEvent(
      .network, action, id: place.networkID,
      attributes: [
        "container": id.text, "name": place.network, "type": drivers[place.network] ?? "bridge",
      ])
  }
}

extension ContainerVolume {
  func mountEvent(of id: ContainerID) -> ContainerEvent {
    ContainerEvent(
      .volume, "mount", id: name,
      attributes: [
        "container": id.text, "destination": target, "driver": "local", "propagation": "",
        "read/write": readOnly ? "false" : "true",
      ])
  }

  func unmountEvent(of id: ContainerID) -> ContainerEvent {
    ContainerEvent(.volume, "unmount", id: name, attributes: ["container": id.text, "driver": "local"])
  }
}

extension ContainerTransition {
  /// What is told of it.
  /// - Parameter record: as it is afterwards.
  func events(of record: ContainerRecord) -> [ContainerEvent] {
    switch self {
    case .started: record.networkEvents("connect") + [record.event("start")]
    case .exited(let status, let outOfMemory, _, _):
      (outOfMemory ? [record.event("oom")] : []) + [
        record.event("die", ["exitCode": "\(status)", "execDuration": "\(record.lastRunSeconds)"])
      ] + record.networkEvents("disconnect")
    case .paused: [record.event("pause")]
    case .resumed: [record.event("unpause")]
    case .startFailed, .restartPlanned, .restartCancelled, .removalBegan, .removalFailed: []
    }
  }
}

extension ContainerRecord {
  /// Whole seconds that its last run took.
  fileprivate var lastRunSeconds: Int64 {
    guard let exit = state.exit, let startedAt = exit.startedAt else { return 0 }
    return (exit.finishedAt.nanoseconds - startedAt.nanoseconds) / 1_000_000_000
  }
}

extension Container {
  /// Tells what has happened and changed no record.
  func tell(_ action: String, _ attributes: [String: String] = [:]) async {
    await surroundings.events.record([record.event(action, attributes)])
  }
}
