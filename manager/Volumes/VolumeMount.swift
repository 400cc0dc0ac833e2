internal import LinuxKernel

/// A file system that is mounted in a volume's folder while containers use the volume.
struct VolumeMount: Equatable, Sendable {
  var type: String
  var device: String
  private(set) var flags: Mounts.Flags = []
  private(set) var propagation: Mounts.Flags = []
  /// What is the file system's to read.
  var data = ""

  /// - Parameter values: `type`, `device` and `o`, a list with commas as of mount(8).
  /// - Throws: ``VolumeError/invalid(_:)`` with Docker's messages.
  init(_ values: [String: String]) throws(VolumeError) {
    guard let device = values["device"], !device.isEmpty else { throw .invalid("missing required option: \"device\"") }
    guard let type = values["type"], !type.isEmpty else { throw .invalid("missing required option: \"type\"") }
    (self.type, self.device) = (type, device)
    var rest: [Substring] = []
    for option in (values["o"] ?? "").split(separator: ",") where !apply(option) { rest.append(option) }
    data = rest.joined(separator: ",")
    try checkText()
    if flags.contains(.remount) { throw .invalid("invalid mount option: \"remount\"") }
  }

  /// The kernel copies one page of them, less a byte.
  func checkText() throws(VolumeError) {
    guard data.utf8.count < 4096, !([data, type, device].contains { $0.contains("\0") }) else {
      throw .invalid("the options of a mount are too long, or not text")
    }
  }

  /// - Returns: whether it is for the kernel and no file system's own.
  private mutating func apply(_ option: Substring) -> Bool {
    if let flag = Self.set[option] {
      flags.insert(flag)
    } else if let flag = Self.cleared[option] {
      flags.remove(flag)
    } else if let change = Self.propagations[option] {
      propagation = change
    } else {
      return option == "defaults"
    }
    return true
  }

  private static let set: [Substring: Mounts.Flags] = [
    "ro": .readOnly, "nosuid": .noSetUID, "nodev": .noDevices, "noexec": .noExecution, "sync": .synchronous,
    "dirsync": .synchronousDirectories, "remount": .remount, "mand": .mandatoryLocks, "noatime": .noAccessTime,
    "nodiratime": .noDirectoryAccessTime, "bind": .bind, "rbind": [.bind, .recursive],
    "relatime": .relativeAccessTime, "strictatime": .strictAccessTime,
  ]

  private static let cleared: [Substring: Mounts.Flags] = [
    "rw": .readOnly, "suid": .noSetUID, "dev": .noDevices, "exec": .noExecution, "async": .synchronous,
    "nomand": .mandatoryLocks, "atime": .noAccessTime, "diratime": .noDirectoryAccessTime,
    "norelatime": .relativeAccessTime, "nostrictatime": .strictAccessTime,
  ]

  private static let propagations: [Substring: Mounts.Flags] = [
    "private": .private, "rprivate": [.private, .recursive], "shared": .shared, "rshared": [.shared, .recursive],
    "slave": .slave, "rslave": [.slave, .recursive], "unbindable": .unbindable,
    "runbindable": [.unbindable, .recursive],
  ]
}

// MARK: - Mounting

extension VolumeMount {
  /// Blocks.
  /// - Throws: ``VolumeError/failed(_:)`` in Docker's words; nothing is mounted then.
  func mount(at path: String) throws(VolumeError) {
    do throws(SyscallError) {
      try Mounts.mount(device, on: path, type: type, flags: flags, data: data.isEmpty ? nil : data)
    } catch { throw failure(error, path) }
    do throws(SyscallError) {
      // A bind takes its flags in a second step.
      if flags.contains(.bind), !flags.subtracting([.bind, .recursive]).isEmpty {
        try Mounts.mount(nil, on: path, flags: flags.union([.bind, .remount]).subtracting(.recursive))
      }
      if !propagation.isEmpty { try Mounts.mount(nil, on: path, flags: propagation) }
    } catch {
      // What the first step has done is undone; why the second failed is what counts.
      try? Mounts.detach(path)
      throw failure(error, path)
    }
  }

  private func failure(_ error: SyscallError, _ path: String) -> VolumeError {
    let secret = data.split(separator: ",").map { $0.hasPrefix("password=") ? "password=********" : $0 }
    let said =
      (flags.isEmpty ? "" : ", flags: 0x\(String(flags.rawValue, radix: 16))")
      + (data.isEmpty ? "" : ", data: \(secret.joined(separator: ","))")
    let attempt = "mount \(device):\(path)\(said): \(error.errno)"
    return .failed("error while mounting volume '\(path)': failed to mount local volume: \(attempt)")
  }

  /// Takes off whatever is mounted there; those who have it open keep it. Blocks.
  static func unmount(_ path: String) throws(SyscallError) {
    while true {
      do throws(SyscallError) { try Mounts.detach(path) } catch {
        // Not mounted, or not there.
        guard [.invalid, .noEntry].contains(error.errno) else { throw error }
        return
      }
    }
  }
}
