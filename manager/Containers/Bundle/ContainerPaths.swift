public import ShimProtocol

/// Where the daemon keeps things of containers (DESIGN.md §3).
public struct ContainerPaths: Equatable, Sendable {
  /// `--data-root`
  public let dataRoot: String
  /// `--exec-root`
  public let execRoot: String
  /// The cgroup above those of containers that do not ask for another place, below the root of each hierarchy.
  public let cgroupParent: String

  /// - Parameter cgroupParent: the daemon's own, so that it can be removed when it is empty.
  public init(dataRoot: String, execRoot: String, cgroupParent: String = "/proa") {
    self.dataRoot = dataRoot
    self.execRoot = execRoot
    self.cgroupParent = cgroupParent
  }

  public var bundles: String { "\(execRoot)/containers" }

  /// An empty directory, for mounts that nobody sees.
  public var views: String { "\(execRoot)/views" }

  /// Exit records that could not be read; what is in it is nobody's to remove.
  public var unreadable: String { "\(execRoot)/unreadable" }

  /// A new place for one, below the same mount as the bundle.
  func setAside(_ id: ContainerID) -> String { "\(unreadable)/\(id)-\(UInt64.random(in: .min ... .max)).json" }

  public func bundle(_ id: ContainerID) -> BundleLayout { BundleLayout(path: "\(bundles)/\(id)") }

  /// What survives a reboot.
  public func data(_ id: ContainerID) -> String { "\(dataRoot)/containers/\(id)" }

  public func log(_ id: ContainerID) -> String { "\(data(id))/\(id)-json.log" }
  /// Of the driver `local`, in a folder of its own as Docker has it.
  public func localLog(_ id: ContainerID) -> String { "\(data(id))/local-logs/container.log" }
  public func hosts(_ id: ContainerID) -> String { "\(data(id))/hosts" }
  public func hostname(_ id: ContainerID) -> String { "\(data(id))/hostname" }
  public func resolver(_ id: ContainerID) -> String { "\(data(id))/resolv.conf" }

  /// The `--root` of the OCI runtime that the daemon knows as `name`.
  public func runtimeRoot(_ name: String) -> String { "\(execRoot)/runtime/\(name)" }
}
