internal import OCIRuntimeSpec

/// One write to one file of one controller.
struct CgroupSetting: Equatable {
  var controller: String
  var file: String
  var value: String
  /// Where the configuration asks for it.
  var path: String
  /// What to write where instead, if the kernel does not have the file.
  var alternative: Alternative?
  /// The write changes nothing on a new group, so that a kernel without the file may be forgiven.
  var isDefault = false
  /// The kernel may refuse it until a later one is made (a limit above the limit of memory and swap, which is yet to be
  /// raised): it is tried again then.
  var mayComeLater = false
  /// The kernel takes the value in any case, and says in the file whether it is in force.
  var isReadBack = false
  /// What it means if the kernel calls a value invalid that is none by itself.
  var hint = ""
  /// What the file of this name may at most hold, or the write is refused.
  var bound: Bound?

  struct Alternative: Equatable {
    var file: String
    var value: String
  }

  struct Bound: Equatable {
    var file: String
    var value: UInt64
  }
}

/// What one controller makes of a configuration.
protocol CgroupController: Sendable {
  /// As in `/proc/cgroups` and `cgroup.controllers`.
  static var name: String { get }

  /// The writes, in their order.
  /// - Throws: `invalid` or `unsupported`, with the path of the culprit.
  static func settings(for resources: LinuxResources, version: CgroupVersion) throws(CgroupError) -> [CgroupSetting]
}

extension CgroupController {
  /// A write to a file of this controller.
  static func set(_ file: String, _ value: some CustomStringConvertible, for path: String) -> CgroupSetting {
    CgroupSetting(controller: name, file: file, value: value.description, path: "linux.resources.\(path)")
  }

  static func invalid(_ message: String, _ path: String) -> CgroupError {
    CgroupError(.invalid(message), path: "linux.resources.\(path)")
  }

  static func unsupported(_ message: String, _ path: String) -> CgroupError {
    CgroupError(.unsupported(message), path: "linux.resources.\(path)")
  }
}
