public import ShimProtocol

/// Where the daemon keeps things of containers (DESIGN.md §3).
public struct ContainerPaths: Equatable, Sendable {
  /// `--data-root`
  public let dataRoot: String
  /// `--exec-root`
  public let execRoot: String

  public init(dataRoot: String, execRoot: String) {
    self.dataRoot = dataRoot
    self.execRoot = execRoot
  }

  public var bundles: String { "\(execRoot)/containers" }

  public func bundle(_ id: ContainerID) -> BundleLayout { BundleLayout(path: "\(bundles)/\(id)") }

  /// What survives a reboot.
  public func data(_ id: ContainerID) -> String { "\(dataRoot)/containers/\(id)" }

  public func log(_ id: ContainerID) -> String { "\(data(id))/\(id)-json.log" }
  public func hosts(_ id: ContainerID) -> String { "\(data(id))/hosts" }
  public func hostname(_ id: ContainerID) -> String { "\(data(id))/hostname" }
  public func resolver(_ id: ContainerID) -> String { "\(data(id))/resolv.conf" }

  /// The `--root` of the OCI runtime that the daemon knows as `name`.
  public func runtimeRoot(_ name: String) -> String { "\(execRoot)/runtime/\(name)" }
}
