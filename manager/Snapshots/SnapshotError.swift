public import LinuxKernel
public import OCIImageSpec

/// Why a snapshotter did not do what it was asked.
public enum SnapshotError: Error, Equatable, Sendable {
  case layerNotFound(Digest)
  case layerExists(Digest)
  /// Something stands on the layer: the chain ID of another layer, or a container's ID.
  case layerInUse(Digest, by: String)
  /// More layers on one another than the driver can mount.
  case tooManyLayers(Int, limit: Int)
  case containerNotFound(String)
  /// A container's ID that cannot be the name of a directory.
  case invalidContainerID(String)
  /// The container was made from another layer, or from none.
  case otherLayer(id: String, existing: Digest?)
  /// The file system keeps no limits for what a container writes.
  case noSizeLimits
  /// A record of the driver's own cannot be understood.
  case unreadable(path: String, reason: String)
  case system(SyscallError)
}

extension SnapshotError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .layerNotFound(let chainID): "no such layer: \(chainID)"
    case .layerExists(let chainID): "layer \(chainID) exists already"
    case .layerInUse(let chainID, let user): "layer \(chainID) is in use by \(user)"
    case .tooManyLayers(let count, let limit): "\(count) layers on one another are more than the \(limit) possible"
    case .containerNotFound(let id): "container \(id) has no file tree"
    case .invalidContainerID(let id): "\"\(id)\" cannot be a container's ID"
    case .otherLayer(let id, let existing):
      "container \(id) stands on \(existing.map { "layer \($0)" } ?? "no layer")"
    case .noSizeLimits: "the file system of the snapshots keeps no project quotas"
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .system(let error): error.description
    }
  }
}
