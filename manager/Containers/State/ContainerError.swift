/// Why a container, or an exec session in one, could not do what it was asked. Messages are for the person who asked.
public enum ContainerError: Error, Equatable, Sendable {
  case notFound(String)
  case execNotFound(String)
  /// A container has no file at the path.
  case fileNotFound(path: String, container: String)
  /// The file system is not there to be written to.
  case readOnly(String)
  case imageNotFound(String)
  case networkNotFound(String)
  /// More than one container's identifier starts with the text.
  case ambiguous(String)
  /// An argument makes no sense.
  case invalid(String)
  /// An argument makes sense, but this version does not honour it.
  case unsupported(String)
  /// The container's log driver keeps nothing, or nothing that can be read.
  case logNotReadable
  case nameInUse(name: String, owner: ContainerID)
  /// The request is right, and cannot be.
  case forbidden(String)
  /// The container is not in a state that allows it.
  case conflict(String)
  /// There is nothing to do: it is started, or stopped, already.
  case notModified
  /// The runtime could not start the process; `status` is the exit code that Docker gives for it.
  case cannotStart(message: String, status: Int32)
  /// Something that should have worked did not: the disk, the shim, the kernel.
  case failed(String)
}

extension ContainerError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notFound(let name): "No such container: \(name)"
    case .execNotFound(let id): "No such exec instance: \(id)"
    case .imageNotFound(let name): "No such image: \(name)"
    case .networkNotFound(let name): "network \(name) not found"
    case .fileNotFound(let path, let container): "Could not find the file \(path) in container \(container)"
    case .ambiguous(let prefix): "Multiple IDs found with provided prefix: \(prefix)"
    case .invalid(let message), .readOnly(let message), .conflict(let message), .forbidden(let message),
      .failed(let message):
      message
    case .logNotReadable: "configured logging driver does not support reading"
    case .unsupported(let what): "not supported: \(what)"
    case .nameInUse(let name, let owner):
      "Conflict. The container name \"/\(name)\" is already in use by container \"\(owner)\". "
        + "You have to remove (or rename) that container to be able to reuse that name."
    case .notModified: "nothing to do"
    case .cannotStart(let message, _): message
    }
  }
}
