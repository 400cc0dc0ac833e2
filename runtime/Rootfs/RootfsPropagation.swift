internal import LinuxKernel
internal import OCIRuntimeSpec

extension RootfsPropagation {
  /// What cannot be bound cannot be copied either: neither the root nor what is bound into it.
  var flagsWhileAssembled: Mounts.Flags {
    switch self {
    case .unbindable, .runbindable: .private
    default: mountFlags
    }
  }

  var mountFlags: Mounts.Flags {
    switch self {
    case .private: .private
    case .shared: .shared
    case .slave: .slave
    case .unbindable: .unbindable
    case .rprivate: [.private, .recursive]
    case .rshared: [.shared, .recursive]
    case .rslave: [.slave, .recursive]
    case .runbindable: [.unbindable, .recursive]
    }
  }
}
