package import LinuxKernel

/// What each option of a mount does.
package enum MountOption {
  package enum Effect: Equatable {
    case nothing
    case bind(recursive: Bool)
    case copyUp
    case mapIDs(recursive: Bool)
    case set(Mounts.Flags, MountAttributes)
    case clear(Mounts.Flags, MountAttributes)
    case recursive(set: MountAttributes, clear: MountAttributes)
    case propagation(Mounts.Flags)
    case remount
  }

  /// All options that are no file system's own, in the order of the alphabet; what `features` prints.
  package static let names = [
    "acl", "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "idmap", "iversion", "lazytime",
    "loud",
    "mand", "noacl", "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime",
    "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount",
    "rexec", "ridmap",
    "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro",
    "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable",
    "rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup",
    "unbindable",
  ]

  /// The effect of `option`, or `nil` if it is for the file system.
  package static func effect(of option: String) -> Effect? {
    switch option {
    case "remount": .remount
    case "defaults": .nothing
    case "tmpcopyup": .copyUp
    case "idmap": .mapIDs(recursive: false)
    case "ridmap": .mapIDs(recursive: true)
    case "bind": .bind(recursive: false)
    case "rbind": .bind(recursive: true)
    default: attribute(option) ?? superblockFlag(option) ?? recursiveAttribute(option) ?? propagation(option)
    }
  }

  private static func attribute(_ option: String) -> Effect? {
    switch option {
    case "ro": .set(.readOnly, .readOnly)
    case "rw": .clear(.readOnly, .readOnly)
    case "nosuid": .set(.noSetUID, .noSetUID)
    case "suid": .clear(.noSetUID, .noSetUID)
    case "nodev": .set(.noDevices, .noDevices)
    case "dev": .clear(.noDevices, .noDevices)
    case "noexec": .set(.noExecution, .noExecution)
    case "exec": .clear(.noExecution, .noExecution)
    case "noatime": .set(.noAccessTime, .noAccessTime)
    case "atime": .clear(.noAccessTime, .noAccessTime)
    case "relatime": .set(.relativeAccessTime, [])
    case "norelatime": .clear(.relativeAccessTime, [])
    case "strictatime": .set(.strictAccessTime, .strictAccessTime)
    case "nostrictatime": .clear(.strictAccessTime, .strictAccessTime)
    case "nodiratime": .set(.noDirectoryAccessTime, .noDirectoryAccessTime)
    case "diratime": .clear(.noDirectoryAccessTime, .noDirectoryAccessTime)
    case "nosymfollow": .set(.noFollowSymbolicLinks, .noFollowSymbolicLinks)
    case "symfollow": .clear(.noFollowSymbolicLinks, .noFollowSymbolicLinks)
    default: nil
    }
  }

  /// Flags of a whole file system: a bind mount does not change them.
  static func superblockFlag(_ option: String) -> Effect? {
    switch option {
    case "sync": .set(.synchronous, [])
    case "async": .clear(.synchronous, [])
    case "dirsync": .set(.synchronousDirectories, [])
    case "lazytime": .set(.lazyTime, [])
    case "nolazytime": .clear(.lazyTime, [])
    case "iversion": .set(.inodeVersion, [])
    case "noiversion": .clear(.inodeVersion, [])
    case "mand": .set(.mandatoryLocks, [])
    case "nomand": .clear(.mandatoryLocks, [])
    case "silent": .set(.silent, [])
    case "loud": .clear(.silent, [])
    case "acl": .set(.posixACL, [])
    case "noacl": .clear(.posixACL, [])
    default: nil
    }
  }

  private static func recursiveAttribute(_ option: String) -> Effect? {
    switch option {
    case "rro": .recursive(set: .readOnly, clear: [])
    case "rrw": .recursive(set: [], clear: .readOnly)
    case "rnosuid": .recursive(set: .noSetUID, clear: [])
    case "rsuid": .recursive(set: [], clear: .noSetUID)
    case "rnodev": .recursive(set: .noDevices, clear: [])
    case "rdev": .recursive(set: [], clear: .noDevices)
    case "rnoexec": .recursive(set: .noExecution, clear: [])
    case "rexec": .recursive(set: [], clear: .noExecution)
    case "rnoatime": .recursive(set: .noAccessTime, clear: .accessTimeField)
    case "rstrictatime": .recursive(set: .strictAccessTime, clear: .accessTimeField)
    case "ratime", "rnorelatime", "rnostrictatime", "rrelatime": .recursive(set: [], clear: .accessTimeField)
    case "rnodiratime": .recursive(set: .noDirectoryAccessTime, clear: [])
    case "rdiratime": .recursive(set: [], clear: .noDirectoryAccessTime)
    case "rnosymfollow": .recursive(set: .noFollowSymbolicLinks, clear: [])
    case "rsymfollow": .recursive(set: [], clear: .noFollowSymbolicLinks)
    default: nil
    }
  }

  package static func propagation(_ option: String) -> Effect? {
    switch option {
    case "private": .propagation(.private)
    case "shared": .propagation(.shared)
    case "slave": .propagation(.slave)
    case "unbindable": .propagation(.unbindable)
    case "rprivate": .propagation([.private, .recursive])
    case "rshared": .propagation([.shared, .recursive])
    case "rslave": .propagation([.slave, .recursive])
    case "runbindable": .propagation([.unbindable, .recursive])
    default: nil
    }
  }
}
