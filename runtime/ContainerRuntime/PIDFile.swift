internal import LinuxKernel

/// The file of `--pid-file`.
enum PIDFile {
  /// Replaces it in one step, so that nobody reads half a number. Engines wait for it; a reboot makes it worthless.
  static func write(_ pid: Int32, to path: String?) throws(RuntimeError) {
    guard let path else { return }
    try explaining("--pid-file") { () throws(SyscallError) in
      try AtomicFile.write(Array(String(pid).utf8), to: path, mode: 0o644, durability: .visible)
    }
  }
}
