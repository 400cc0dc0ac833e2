/// Where things are in a container's bundle, the folder that a manager and a shim share.
///
/// | name | written by | content |
/// | --- | --- | --- |
/// | `config.json` | manager | runtime-spec config.md |
/// | `shim.json` | manager | ``ShimConfiguration`` |
/// | `names.json` | manager | ``NameConfiguration``; not there if the shim answers no questions about names |
/// | `rootfs/` | manager | the root file system, mounted |
/// | `shm/` | manager | what is `/dev/shm` of a container that shares it, mounted |
/// | `volumes/<n>/` | manager | the part of a volume that the container has, mounted; not there if it has whole ones |
/// | `images/<n>/` | manager | the image that the container has mounted, or the part of it; not there if it has none |
/// | `shim.sock` | shim | where it listens, mode 0600 |
/// | `shim.pid` | shim | its process id, decimal |
/// | `shim.log` | shim | what went wrong where nobody could be told; not there if nothing did |
/// | `init.pid` | runtime | the process id of the container's init, decimal |
/// | `resources.json` | shim | limits that the runtime is to set; not there otherwise |
/// | `runtime.log` | runtime | its messages, a JSON object a line |
/// | `exit.json` | shim | ``ExitRecord`` of init, atomic and synced before anyone is told |
/// | `sessions/<id>.json` | manager | what is known of an exec session, for the next manager |
/// | `exec/<id>/` | shim | one folder per exec session: ``ExecLayout`` |
/// | `health/` | shim | the same for the probes of a health check, without exit record |
///
/// With a terminal there is a `console.sock` while the runtime creates the container.
public struct BundleLayout: Equatable, Sendable {
  /// The bundle's own path.
  public let path: String

  public init(path: String) { self.path = path }

  public var configuration: String { "\(path)/config.json" }
  public var shimConfiguration: String { "\(path)/shim.json" }
  public var names: String { "\(path)/names.json" }
  public var rootfs: String { "\(path)/rootfs" }
  public var sharedMemory: String { "\(path)/shm" }
  public var volumeParts: String { "\(path)/volumes" }
  public var images: String { "\(path)/images" }
  public var socket: String { "\(path)/\(BundleLayout.socketName)" }
  public var shimPid: String { "\(path)/shim.pid" }
  public var shimLog: String { "\(path)/shim.log" }
  public var initPid: String { "\(path)/init.pid" }
  public var resources: String { "\(path)/resources.json" }
  public var runtimeLog: String { "\(path)/runtime.log" }
  public var exitRecord: String { "\(path)/exit.json" }
  public var execs: String { "\(path)/exec" }
  public var sessions: String { "\(path)/sessions" }
  public var health: ExecLayout { ExecLayout(path: "\(path)/health") }

  /// The socket's name in the bundle. To bind or connect, open the bundle and use `/proc/self/fd/<number>/shim.sock`: a
  /// socket address holds no more than 107 bytes.
  public static let socketName = "shim.sock"

  public func exec(_ id: ExecID) -> ExecLayout { ExecLayout(path: "\(execs)/\(id)") }

  public func session(_ id: ExecID) -> String { "\(sessions)/\(id).json" }
}

/// Where things are in an exec session's folder.
public struct ExecLayout: Equatable, Sendable {
  public let path: String

  /// The OCI `process` object that the runtime is given.
  public var process: String { "\(path)/process.json" }
  /// Written by the runtime.
  public var pid: String { "\(path)/pid" }
  /// ``ExitRecord``, atomic and synced before anyone is told.
  public var exitRecord: String { "\(path)/exit.json" }
}
