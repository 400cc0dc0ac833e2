internal import LinuxKernel
internal import OCIRuntimeSpec

extension RootfsPropagation {
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
