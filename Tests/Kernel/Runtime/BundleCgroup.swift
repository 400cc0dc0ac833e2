import Glibc
import LinuxKernel
import OCIRuntimeSpec

extension Bundle {
  static let isUnified = access("/sys/fs/cgroup/cgroup.controllers", F_OK) == 0

  /// The content of a file of the container's group.
  func group(_ controller: String, v1: String, v2: String) throws -> String {
    let path = Self.isUnified ? "\(id)/\(v2)" : "\(controller)/\(id)/\(v1)"
    let content = String(decoding: try AtomicFile.read("/sys/fs/cgroup/\(path)"), as: UTF8.self)
    return content.last == "\n" ? String(content.dropLast()) : content
  }

  /// The pid of the init as `state` has it.
  func initPID() throws -> Int32 {
    guard case .number(let pid)? = try state()["pid"], let number = Int32(pid.text) else {
      throw SyscallError("state", "no pid", errno: .noProcess)
    }
    return number
  }
}

extension Spec {
  /// `limits` in JSON, beside the device rules that the specification has.
  mutating func limit(_ limits: String) throws {
    var resources = try LinuxResources(jsonText: Array(limits.utf8))
    resources.devices = linux?.resources?.devices ?? []
    linux?.resources = resources
  }
}
